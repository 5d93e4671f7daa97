package org.workr.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Work on several hosts side by side. */
final class Forks implements AutoCloseable {
  private final ExecutorService pool;

  /**
   * @param count how many hosts at once, at least 1
   */
  Forks(int count) {
    AtomicInteger number = new AtomicInteger();
    pool =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "workr-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** {@code work} on each of {@code items}; the results in the order of the items. */
  <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<Future<R>> futures = new ArrayList<>();
    items.forEach(item -> futures.add(pool.submit(() -> work.apply(item))));
    List<R> results = new ArrayList<>();
    for (Future<R> future : futures) {
      try {
        results.add(future.get());
      } catch (InterruptedException e) {
        pool.shutdownNow();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while hosts were worked on", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a host's work ended with a defect of workr", e.getCause());
      }
    }
    return results;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
