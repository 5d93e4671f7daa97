package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.secret.Canary.name;
import static org.workr.secret.Canary.text;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SecretWordsTest {

  @Test
  void makesReadableGroupsOfLettersThatAreOnTheSameKeyEverywhere() {
    Set<Integer> letters = new HashSet<>();
    Set<String> all = new HashSet<>();
    SecretWords words = new SecretWords();
    for (int i = 0; i < 200; i++) {
      String value = text(words.make(name("stats.workr1.luks")));
      assertThat(value)
          .matches("([BCDEFGHIJKNOPRSTUVX][bcdefghijknoprstuvx]{3}){8}")
          .doesNotContainAnyWhitespaces();
      value.toLowerCase(java.util.Locale.ROOT).chars().forEach(letters::add);
      all.add(value);
    }
    assertThat(all).hasSize(200);
    // 19^32 is more than 2^135; that all 19 occur is what makes it so.
    assertThat(letters).hasSize(19);
    assertThat(32 * Math.log(19) / Math.log(2)).isGreaterThan(128);
  }
}
