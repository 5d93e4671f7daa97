package org.workr.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.value.InvalidValueException;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "150s,PT2M30S",
    "10m,PT10M",
    "1h30m,PT1H30M",
    "90d,PT2160H",
    "2w,PT336H",
    "1y,PT8760H",
    "PT10M,PT10M",
    "P1D,PT24H",
    "0s,PT0S"
  })
  void readsBothForms(String text, String iso) {
    assertThat(DurationText.parse(text)).isEqualTo(Duration.parse(iso));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10", "10 m", "m", "1m1h", "-5m", "ten", "10M", "P", "PT", "1.5h"})
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> DurationText.parse(text)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void doesNotOverflow() {
    assertThat(DurationText.parse("999y")).isEqualTo(Duration.ofDays(365 * 999L));
  }
}
