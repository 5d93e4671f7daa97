package org.workr.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostRangeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "workr; workr",
        "workr[1-3]; workr1 workr2 workr3",
        "workr[8-10]; workr8 workr9 workr10",
        "workr[08-10]; workr08 workr09 workr10",
        "workr[0-2]; workr0 workr1 workr2",
        "workr[007]; workr007",
        "workr[1-2,7, 9-9]; workr1 workr2 workr7 workr9",
        "192.168.64.[1-2]/16; 192.168.64.1/16 192.168.64.2/16",
        "r[1-2]n[3-4]; r1n3 r1n4 r2n3 r2n4",
        "head,workr[1-2], gpu; head workr1 workr2 gpu"
      })
  void expands(String text, String expanded) {
    assertThat(HostRange.expand(text, s -> s)).isEqualTo(Arrays.asList(expanded.split(" ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a[1-5",
        "a1-5]",
        "a]1[",
        "a[[1-2]]",
        "a[]",
        "a[1-]",
        "a[-1]",
        "a[1--2]",
        "a[1-2-3]",
        "a[x]",
        "a[2-1]",
        "a[01-5]",
        "a[1-05]",
        "a[1,]",
        "a[1-1001]",
        "a[1-40]b[1-40]",
        "a[1-9999999999]",
        "a[1-600],b[1-600]",
        "a[0-999],b",
        "a[+1]",
        "a[\u0661]"
      })
  void refuses(String text) {
    assertThatThrownBy(() -> HostRange.expand(text, s -> s))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("'" + text + "'");
  }

  @Test
  void namesTheValueThatIsWrong() {
    assertThatThrownBy(() -> AddressRange.parse("10.0.0.[254-256]/24"))
        .hasMessageStartingWith("'10.0.0.256/24' is not an IPv4 address");
  }

  @Test
  void staysFastWithManyBrackets() {
    assertThatThrownBy(() -> HostRange.expand("[0-999]".repeat(200), s -> s))
        .isInstanceOf(InvalidValueException.class);
  }
}
