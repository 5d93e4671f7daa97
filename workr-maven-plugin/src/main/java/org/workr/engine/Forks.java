package org.workr.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Work on several hosts side by side. A host that only waits, for a restart or for what goes on by
 * itself, gives its place to the next one meanwhile: else the re-encryption of a hundred hosts
 * would take as long as several one after the other.
 */
final class Forks implements AutoCloseable {
  private final int count;
  private final ExecutorService pool;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private int busy;

  /**
   * @param count how many hosts at once, at least 1. One that comes back from waiting goes on at
   *     once, so there may be more then: were it to wait for a place it might hold what others wait
   *     for
   */
  Forks(int count) {
    this.count = count;
    AtomicInteger number = new AtomicInteger();
    pool = Executors.newCachedThreadPool(work -> new Worker(work, number.incrementAndGet()));
  }

  /** {@code work} on each of {@code items}; the results in the order of the items. */
  <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<Future<R>> futures = new ArrayList<>();
    for (T item : items) {
      FutureTask<R> task = new FutureTask<>(() -> work.apply(item));
      futures.add(task);
      add(task);
    }
    List<R> results = new ArrayList<>();
    for (Future<R> future : futures) {
      try {
        results.add(future.get());
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while hosts were worked on", e);
      } catch (ExecutionException e) {
        throw new IllegalStateException("a host's work ended with a defect of workr", e.getCause());
      }
    }
    return results;
  }

  /** What a thread does while it only waits. */
  interface Waiting<R, E extends Exception> {
    /** Waits. */
    R run() throws E;
  }

  /** Waits for a host; the thread that does so lets another host be worked on meanwhile. */
  static <R, E extends Exception> R aside(Waiting<R, E> waiting) throws E {
    return Thread.currentThread() instanceof Worker worker ? worker.aside(waiting) : waiting.run();
  }

  private synchronized void add(Runnable task) {
    waiting.add(task);
    begin();
  }

  private synchronized void begin() {
    while (busy < count && !waiting.isEmpty()) {
      Runnable task = waiting.remove();
      busy++;
      pool.execute(
          () -> {
            try {
              task.run();
            } finally {
              leave();
            }
          });
    }
  }

  private synchronized void leave() {
    busy--;
    begin();
  }

  private synchronized void comeBack() {
    busy++;
  }

  @Override
  public synchronized void close() {
    waiting.clear();
    pool.shutdownNow();
  }

  private final class Worker extends Thread {
    Worker(Runnable work, int number) {
      super(work, "workr-" + number);
      setDaemon(true);
    }

    <R, E extends Exception> R aside(Waiting<R, E> waiting) throws E {
      leave();
      try {
        return waiting.run();
      } finally {
        comeBack();
      }
    }
  }
}
