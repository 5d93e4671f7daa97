package org.workr.keys;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.workr.capability.accounts.SshSpec;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.FilePath;

/** The key that workr logs in with, as far as it can be judged without its passphrase. */
public final class PrivateKeyFile {
  private static final String PATH = "cluster.ssh.privateKey";
  private static final String PUBLIC = "ssh-";

  private PrivateKeyFile() {}

  /** Without the default key there may be a password; one that the pom names must be there. */
  public static Optional<Diagnostic> problem(FilePath declared, Function<FilePath, Path> files) {
    Path file = files.apply(declared);
    if (declared.value().equals(SshSpec.PRIVATE_KEY) && !Files.exists(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(PUBLIC.length()), US_ASCII).equals(PUBLIC)
          ? Optional.of(
              Diagnostic.error(
                  PATH, "'" + declared + "' is a public key", "Name the file without .pub."))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of(KeySources.unreadable(PATH, declared, file, e));
    }
  }
}
