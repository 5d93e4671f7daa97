package org.workr.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.secret.Secret;

class OpenSslFormTest {
  private static final int ITERATIONS = 1000;
  private static final byte[] CONTENT = "LUKS-c4nary of some length".getBytes(UTF_8);

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"p", Kept.PASSWORD, "K\u00fcche und Bad \u20ac"})
  void opensslOpensWhatIsWritten(String password) throws Exception {
    Path file;
    try (Secret secret = Kept.secret(password);
        OpenSslForm form = new OpenSslForm(secret, ITERATIONS)) {
      file = Files.write(folder.resolve("stored"), form.encrypt(CONTENT));
    }

    assertThat(OpenSsl.decrypt(file, password, ITERATIONS)).contains(CONTENT);
    assertThat(OpenSsl.decrypt(file, "another", ITERATIONS)).isNotEqualTo(Optional.of(CONTENT));
  }

  @Test
  void tellsWhatItHoldsFromEverythingElse() throws Exception {
    Path file = folder.resolve("stored");
    byte[] longer = Arrays.copyOf(CONTENT, CONTENT.length + 1);
    byte[] other = CONTENT.clone();
    other[3]++;
    try (Secret password = Kept.secret(Kept.PASSWORD);
        OpenSslForm form = new OpenSslForm(password, ITERATIONS);
        OpenSslForm another = new OpenSslForm(password, ITERATIONS)) {
      Files.write(file, form.encrypt(CONTENT));
      assertThat(form.holds(file, CONTENT)).isTrue();
      assertThat(form.holds(file, longer)).isFalse();
      assertThat(form.holds(file, other)).isFalse();
      assertThat(form.holds(file, new byte[0])).isFalse();
      assertThat(another.holds(file, CONTENT)).as("another salt").isFalse();
      Files.write(file, CONTENT);
      assertThat(form.holds(file, CONTENT)).as("not encrypted").isFalse();
      Files.write(file, new byte[3]);
      assertThat(form.holds(file, CONTENT)).as("half a file").isFalse();
    }
  }

  @Test
  void showsNothingAndNeverTheSameTwice() throws Exception {
    try (Secret password = Kept.secret(Kept.PASSWORD);
        OpenSslForm form = new OpenSslForm(password, ITERATIONS);
        OpenSslForm another = new OpenSslForm(password, ITERATIONS)) {
      byte[] once = form.encrypt(CONTENT);
      assertThat(another.encrypt(CONTENT)).isNotEqualTo(once);
      assertThat(new String(once, ISO_8859_1)).startsWith("Salted__").doesNotContain("c4nary");
    }
  }
}
