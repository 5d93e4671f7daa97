package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.connection.FakeHost;
import org.workr.report.HostOutcome;

/** How many hosts are worked on at once. */
class SideBySideTest {
  private static final int HOSTS = 5;

  @TempDir Path folder;

  /** No host answers before all have been asked, so hosts that are done in turn never get on. */
  @Test
  void hostsAreLookedAtAndChangedSideBySide() throws Exception {
    SampleCluster cluster = new SampleCluster(folder, HOSTS);
    CyclicBarrier all = new CyclicBarrier(HOSTS);
    for (int number = 1; number <= HOSTS; number++) {
      FakeHost.Program shell = cluster.shell();
      cluster.answering(
          number,
          (command, stdin, stdout, stderr) -> {
            meet(all);
            return shell.run(command, stdin, stdout, stderr);
          });
    }

    try (Workr workr = cluster.workr(HOSTS)) {
      assertThat(workr.provision().hosts())
          .extracting(HostOutcome::message)
          .allMatch(message -> message.startsWith("test.greeting: "));
    }
    assertThat(all.isBroken()).as("a host waited for the others in vain").isFalse();
  }

  @Test
  void notMoreHostsAtOnceThanForks() throws Exception {
    SampleCluster cluster = new SampleCluster(folder, HOSTS);
    int forks = 2;
    AtomicInteger busy = new AtomicInteger();
    CountDownLatch oneTooMany = new CountDownLatch(1);
    for (int number = 1; number <= HOSTS; number++) {
      FakeHost.Program shell = cluster.shell();
      cluster.answering(
          number,
          (command, stdin, stdout, stderr) -> {
            if (busy.incrementAndGet() > forks) {
              oneTooMany.countDown();
            }
            try {
              // Time for those to come that should not.
              oneTooMany.await(100, TimeUnit.MILLISECONDS);
              return shell.run(command, stdin, stdout, stderr);
            } finally {
              busy.decrementAndGet();
            }
          });
    }

    try (Workr workr = cluster.workr(forks)) {
      assertThat(workr.provision().hosts()).hasSize(HOSTS);
    }
    assertThat(oneTooMany.getCount()).as("hosts too many at once").isOne();
  }

  private static void meet(CyclicBarrier all) throws InterruptedException, IOException {
    try {
      all.await(30, TimeUnit.SECONDS);
    } catch (BrokenBarrierException | TimeoutException e) {
      throw new IOException("the other hosts were not asked", e);
    }
  }
}
