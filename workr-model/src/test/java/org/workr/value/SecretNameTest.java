package org.workr.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SecretNameTest {
  private static final SecretName LUKS = new SecretName("stats.workr1.luks");

  @Test
  void whatReplacesAndWhatWasReplacedHaveNamesOfTheirOwn() {
    assertThat(LUKS.pending()).hasToString("stats.workr1.luks.pending");
    assertThat(LUKS.current()).hasToString("stats.workr1.luks.current");
    assertThat(LUKS.pending().replaced()).contains(LUKS);
    assertThat(LUKS.current().replaced()).isEmpty();
    assertThat(LUKS.replaced()).isEmpty();
    assertThat(LUKS.current().isCurrent()).isTrue();
    assertThat(LUKS.pending().isCurrent()).isFalse();
    assertThat(LUKS.isCurrent()).isFalse();
  }

  @Test
  void aNameOfFourWordsReplacesNothing() {
    assertThatThrownBy(LUKS.pending()::pending)
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("is not the name of a secret");
  }
}
