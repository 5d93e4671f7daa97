package org.workr.capability.packages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.workr.facts.Reading;

/** What systemctl show prints, from a machine with systemd 252. */
class UnitsTest {
  private static boolean runs(String state, String job) {
    String said =
        "Id=docker.service\nLoadState=loaded\nActiveState=%s\nUnitFileState=enabled\nJob=%s"
            .formatted(state, job);
    return ((Reading.Known<Units>) Units.FACT.read(said))
        .value()
        .states()
        .get("docker.service")
        .runs();
  }

  @Test
  void whatIsQueuedToStartIsAboutToRun() {
    assertThat(runs("inactive", "666")).isTrue();
    assertThat(runs("activating", "666")).isTrue();
    assertThat(runs("active", "")).isTrue();
  }

  @Test
  void whatIsNotDoesNot() {
    assertThat(runs("inactive", "")).isFalse();
    assertThat(runs("failed", "")).isFalse();
    assertThat(runs("deactivating", "667")).isFalse();
  }
}
