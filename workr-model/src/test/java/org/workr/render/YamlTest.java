package org.workr.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class YamlTest {

  @Test
  void quotesWhatAScalarCannotHaveAsItIs() {
    assertThat(Yaml.string("")).isEqualTo("\"\"");
    assertThat(Yaml.string("- no: # $HOME é 😀")).isEqualTo("\"- no: # $HOME é 😀\"");
    assertThat(Yaml.string("it's \"quoted\" \\")).isEqualTo("\"it's \\\"quoted\\\" \\\\\"");
    assertThat(Yaml.string("a\nb\t\u007f")).isEqualTo("\"a\\u000ab\\u0009\\u007f\"");
  }

  @Test
  void writesSequences() {
    assertThat(Yaml.strings(List.of("a", "b"))).isEqualTo("[\"a\", \"b\"]");
    assertThat(Yaml.strings(List.of())).isEqualTo("[]");
  }
}
