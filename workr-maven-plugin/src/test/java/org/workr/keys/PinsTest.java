package org.workr.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;

class PinsTest {
  private static final HttpUrl USER = HttpUrl.parse("https://example.org/exampleuser.keys");
  private static final HttpUrl REPOSITORY = HttpUrl.parse("https://packages.example.org/gpg");

  private static final Pins PINS =
      new Pins(Map.of())
          .with(REPOSITORY, Keys.REPOSITORY)
          .with(USER, Keys.ANN + "\n" + Keys.BOB + "\n");

  @Test
  void comeBackAsTheyWereWritten() {
    assertThat(Pins.parse(PINS.text())).isEqualTo(PINS);
    assertThat(PINS.of(USER)).hasValue(Keys.ANN + "\n" + Keys.BOB);
    assertThat(PINS.of(REPOSITORY)).hasValue(Keys.REPOSITORY.stripTrailing());
    assertThat(PINS.of(HttpUrl.parse("https://example.org/other"))).isEmpty();
  }

  @Test
  void areReadableAndSorted() {
    assertThat(PINS.text())
        .startsWith("# The public keys that the web addresses in the pom answered with")
        .contains("\n\nhttps://example.org/exampleuser.keys\n  " + Keys.ANN + "\n  " + Keys.BOB)
        .contains(
            "\n\nhttps://packages.example.org/gpg\n  -----BEGIN PGP PUBLIC KEY BLOCK-----\n\n")
        .endsWith("  -----END PGP PUBLIC KEY BLOCK-----\n")
        .doesNotContainPattern("[ \\t]\\n");
  }

  @Test
  void surviveAnEditorAndOtherLineEnds() {
    assertThat(Pins.parse(PINS.text().replace("\n", "\r\n"))).isEqualTo(PINS);
    assertThat(Pins.parse(PINS.text() + "\n\n# a note\n")).isEqualTo(PINS);
  }

  @Test
  void damageIsSaidWithItsLine() {
    assertThatThrownBy(() -> Pins.parse("# x\n\n  ssh-ed25519 AAAA\n"))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageStartingWith("line 3: it is neither an address nor an indented part");
    assertThatThrownBy(() -> Pins.parse("<<<<<<< HEAD\n" + PINS.text()))
        .hasMessageStartingWith("line 1: it is neither");
    assertThatThrownBy(() -> Pins.parse(PINS.text() + USER + "\n  x\n"))
        .hasMessageContaining("'https://example.org/exampleuser.keys' is in it twice");
  }
}
