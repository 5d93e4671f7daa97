package org.workr.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlaceholdersTest {

  @Test
  void fillsInOnceAndTheLongestWord() {
    assertThat(
            Placeholders.fill(
                "HOST_KEYS/x HOST_KEY $1 other",
                Map.of("HOST_KEYS", "/HOST_KEY", "HOST_KEY", "a\\b$0", "UNUSED", "x")))
        .isEqualTo("/HOST_KEY/x a\\b$0 $1 other");
  }
}
