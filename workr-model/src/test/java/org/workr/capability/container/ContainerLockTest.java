package org.workr.capability.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.workr.value.Hostname;
import org.workr.value.InvalidValueException;

class ContainerLockTest {
  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9";

  @Test
  void readsNothingThatIsNotWellFormed() {
    assertThat(ContainerLock.parse("host-key workr1 " + KEY).hostKeys(new Hostname("workr1")))
        .hasSize(1);
    for (String line :
        List.of(
            "R 4.4.2",
            "r 4.4",
            "r",
            "rscript Rscript",
            "rscript /usr/bin/R\"script",
            "host-key workr1",
            "host-key WORKR1 " + KEY,
            "host-key workr1 ssh-ed25519 AAAA")) {
      assertThatThrownBy(() -> ContainerLock.parse("# first\n" + line))
          .as(line)
          .isInstanceOf(InvalidValueException.class)
          .hasMessageContaining("line 2: ");
    }
  }
}
