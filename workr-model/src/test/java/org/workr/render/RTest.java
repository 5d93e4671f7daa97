package org.workr.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class RTest {

  @Test
  void quotesWhatAStringCannotHaveAsItIs() {
    assertThat(R.string("workr1")).isEqualTo("\"workr1\"");
    assertThat(R.string("it's \"\\")).isEqualTo("\"it's \\\"\\\\\"");
    assertThat(R.string("a\nb é 😀")).isEqualTo("\"a\\U{a}b \\U{e9} \\U{1f600}\"");
    assertThatThrownBy(() -> R.string("a\0"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("NUL");
  }

  @Test
  void writesVectors() {
    assertThat(R.strings(List.of("a", "b"))).isEqualTo("c(\"a\", \"b\")");
    assertThat(R.strings(List.of())).isEqualTo("character()");
    assertThat(R.integers(List.of(4, 1))).isEqualTo("c(4L, 1L)");
  }
}
