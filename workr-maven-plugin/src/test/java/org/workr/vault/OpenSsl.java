package org.workr.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The machine's openssl, as docs/recovery.md uses it. */
final class OpenSsl {
  private OpenSsl() {}

  /** What it gets out of a file; empty when it refuses. */
  static Optional<byte[]> decrypt(Path file, String password, int iterations) throws Exception {
    Path folder = Files.createTempDirectory("openssl");
    Path out = folder.resolve("out");
    Path pass = Files.writeString(folder.resolve("password"), password + "\n");
    List<String> command = new ArrayList<>(List.of("openssl", "enc", "-d", "-aes-256-cbc"));
    command.addAll(List.of("-pbkdf2", "-iter", "" + iterations, "-md", "sha256"));
    command.addAll(List.of("-in", "" + file, "-out", "" + out, "-pass", "file:" + pass));
    try {
      Process process = started(command);
      process.getInputStream().readAllBytes();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue() == 0 ? Optional.of(Files.readAllBytes(out)) : Optional.empty();
    } finally {
      Files.deleteIfExists(out);
      Files.delete(pass);
      Files.delete(folder);
    }
  }

  private static Process started(List<String> command) {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      return abort("there is no openssl here");
    }
  }
}
