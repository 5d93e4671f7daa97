package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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

  @Test
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
      while (!all.await(0, TimeUnit.SECONDS)) {
        Pause.of(Duration.ofMillis(5));
      }
      return true;
    } catch (InterruptedException | HostException e) {
      return false;
    }
  }
}
