package org.workr.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.capability.accounts.SshSpec;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.FilePath;

/** A key that cannot be the one to log in with is found before anything is connected. */
class PrivateKeyFileTest {
  @TempDir Path folder;

  @Test
  void oneThatThePomNamesMustBeThere() throws Exception {
    assertThat(problem("keys/workr")).contains("there is no file 'keys/workr'");

    Path file = Files.createDirectories(folder.resolve("keys")).resolve("workr");
    Files.writeString(file, Keys.ANN);
    assertThat(problem("keys/workr")).contains("'keys/workr' is a public key");

    Files.writeString(file, "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    assertThat(problem("keys/workr")).isEmpty();
  }

  @Test
  void theDefaultOneMayBeMissing() {
    assertThat(problem(SshSpec.PRIVATE_KEY)).isEmpty();
  }

  private Optional<String> problem(String path) {
    return PrivateKeyFile.problem(new FilePath(path), file -> folder.resolve(file.value()))
        .map(Diagnostic::summary);
  }
}
