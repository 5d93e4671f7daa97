package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link SideBySideTest} cannot show of forks. */
class ForksTest {
  private static final int HOSTS = 6;

  @Test
  @Timeout(60)
  void whoOnlyWaitsKeepsNobodyOut() {
    CountDownLatch all = new CountDownLatch(HOSTS);
    try (Forks forks = new Forks(1)) {
      // Each waits until all are there, which they never would be one after the other.
      assertThat(forks.map(List.of(0, 1, 2, 3, 4, 5), host -> waitsFor(all)))
          .hasSize(HOSTS)
          .containsOnly(true);
    }
  }

  /** Who comes back takes its place, though nobody is put out of theirs. */
  @Test
  @Timeout(60)
  void whoComesBackCountsAgain() throws InterruptedException {
    CountDownLatch back = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    AtomicBoolean third = new AtomicBoolean();
    try (Forks forks = new Forks(1)) {
      Thread run =
          new Thread(
              () ->
                  forks.map(
                      List.of(0, 1, 2),
                      host -> {
                        try {
                          if (host == 0) {
                            Forks.aside(() -> null);
                            back.countDown();
                            end.await();
                          }
                          back.await();
                          third.compareAndSet(false, host == 2 && end.getCount() > 0);
                        } catch (InterruptedException e) {
                          Thread.currentThread().interrupt();
                        }
                        return host;
                      }));
      run.start();
      back.await();
      // The second one was let in while the first one waited; the third has to wait for the first.
      Thread.sleep(200);
      end.countDown();
      run.join();
    }
    assertThat(third).isFalse();
  }

  @Test
  @Timeout(60)
  void aPlaceIsGivenBackWhenWorkEndsInADefect() {
    try (Forks forks = new Forks(1)) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(
                () ->
                    forks.map(
                        List.of(0),
                        host -> {
                          throw new IllegalStateException("of a test");
                        }))
            .hasMessageContaining("defect");
      }
      assertThat(forks.map(List.of(7), host -> host)).containsExactly(7);
    }
  }

  private static boolean waitsFor(CountDownLatch all) {
    all.countDown();
    try {
      return Forks.aside(() -> all.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      return false;
    }
  }
}
