package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.secret.Canary.secret;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CryptTest {

  /** The hash is what crypt(3) of glibc and {@code openssl passwd -6} make of it. */
  @Test
  void makesTheHashThatLibcMakes() {
    assertThat(hash(Crypt.sha512(secret("stats.login", "Hello \u00fc world!"), "abcdefghijklmnop")))
        .isEqualTo(
            "$6$rounds=100000$abcdefghijklmnop$2rU9SFYHs0lpe5SGHkKkg"
                + "tO.nryvVwcAeNRy1eP4vBcNay3wWyEHlTIUpLjlMZ1B5q5RLMiGtFa0/fzCszZyN1");
  }

  @Test
  void saltsAreFreshAndTheSecretStays() {
    Secret secret = secret("stats.login", Canary.VALUE);
    String one = hash(Crypt.sha512(secret));
    String two = hash(Crypt.sha512(secret));

    assertThat(one)
        .matches("\\$6\\$rounds=100000\\$[./0-9A-Za-z]{16}\\$[./0-9A-Za-z]{86}")
        .isNotEqualTo(two);
    assertThat(Canary.text(secret)).isEqualTo(Canary.VALUE);
  }

  private static String hash(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
