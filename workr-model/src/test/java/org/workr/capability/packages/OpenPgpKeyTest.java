package org.workr.capability.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.workr.value.InvalidValueException;
import org.workr.value.PgpFingerprint;

/** The fingerprints are those that GnuPG 2.2.40 printed for the keys in {@code keys/}. */
class OpenPgpKeyTest {
  private static final Path KEYS = Path.of("src/test/resources/keys");
  private static final PgpFingerprint ED25519 =
      PgpFingerprint.parse("912D0D5C81DC11249F7A9B7B5BF771C435717FC0");
  private static final PgpFingerprint RSA =
      PgpFingerprint.parse("E2F9EB136F6B8A76E0EF02CE020A8E2E6EB80439");

  @Test
  void computesFingerprintsAsGnuPgDoes() throws IOException {
    assertThat(OpenPgpKey.parse(text("ed25519.asc")).fingerprints()).containsExactly(ED25519);
    assertThat(OpenPgpKey.parse(text("rsa2048.asc")).fingerprints()).containsExactly(RSA);
  }

  @Test
  void armoursABinaryKeyAsGnuPgDoes() throws IOException {
    OpenPgpKey key = OpenPgpKey.of(Files.readAllBytes(KEYS.resolve("rsa2048.gpg")));

    assertThat(key.fingerprints()).containsExactly(RSA);
    assertThat(key.armored()).isEqualTo(text("rsa2048.asc"));
  }

  @Test
  void isTheSameHoweverThePomIndentsIt() throws IOException {
    String indented = "\n" + text("ed25519.asc").indent(12) + "   ";

    assertThat(OpenPgpKey.parse(indented)).isEqualTo(OpenPgpKey.parse(text("ed25519.asc")));
  }

  @Test
  void isNotPinnedWhenAnotherKeyComesAlong() throws IOException {
    OpenPgpKey two = OpenPgpKey.parse(text("two.asc"));

    assertThat(two.fingerprints()).containsExactlyInAnyOrder(ED25519, RSA);
    assertThat(two.isExactly(ED25519)).isFalse();
    assertThat(OpenPgpKey.parse(text("ed25519.asc")).isExactly(ED25519)).isTrue();
    assertThat(OpenPgpKey.parse(text("ed25519.asc")).isExactly(RSA)).isFalse();
  }

  @Test
  void findsAKeyThatHidesBehindAnotherBlock() throws IOException {
    String both = text("ed25519.asc") + text("rsa2048.asc");

    assertThatThrownBy(() -> OpenPgpKey.parse(both))
        .hasMessageContaining("not one public key block");
  }

  @Test
  void anotherBitIsAnotherFingerprint() throws IOException {
    byte[] key = Files.readAllBytes(KEYS.resolve("rsa2048.gpg"));
    key[40] ^= 1;

    assertThat(OpenPgpKey.of(key).isExactly(RSA)).isFalse();
  }

  @Test
  void refusesWhatIsNoKey() throws IOException {
    byte[] key = Files.readAllBytes(KEYS.resolve("rsa2048.gpg"));
    for (byte[] wrong :
        List.of(
            new byte[0],
            "<html>404</html>".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
            Arrays.copyOf(key, 100),
            Arrays.copyOfRange(key, 5, key.length))) {
      assertThatThrownBy(() -> OpenPgpKey.of(wrong)).isInstanceOf(InvalidValueException.class);
    }
    assertThatThrownBy(() -> OpenPgpKey.parse(text("rsa2048.asc").replace("PUBLIC", "PRIVATE")))
        .hasMessageContaining("it is no public key block");
  }

  private static String text(String name) throws IOException {
    return Files.readString(KEYS.resolve(name));
  }
}
