package org.workr.secret;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.workr.diagnostic.Diagnostic;

/**
 * Gives one secret to the person who asked for it by name: to the terminal itself, which no log and
 * no pipe sees, or to a new file of mode 0600. Apart from a host's stdin this is the only way out
 * of workr.
 */
public final class SecretExport {
  private static final Path TERMINAL = Path.of("/dev/tty");

  private SecretExport() {}

  /**
   * Writes the secret that a person calls {@code name}, wherever it is in {@code store}.
   *
   * @see #write(Secret, Path, Path)
   */
  public static void write(SecretStore store, String name, Path to, Path target)
      throws SecretException {
    try (Secret secret = store.get(name)) {
      write(secret, to, target);
    }
  }

  /**
   * Writes {@code secret} and a line feed.
   *
   * @param to {@code /dev/tty}, or a file that does not exist in a folder that does
   * @param target the project's folder of made things, into which no secret goes
   */
  public static void write(Secret secret, Path to, Path target) throws SecretException {
    Path file = to.toAbsolutePath().normalize();
    if (file.startsWith(target.toAbsolutePath().normalize())) {
      throw refused(
          file,
          "it is in '" + target + "', whose content is packed and published",
          "Name a file elsewhere, or " + TERMINAL + " to see the secret on the terminal.");
    }
    try (OutputStream out = open(file)) {
      secret.<Boolean>reveal(
          bytes -> {
            try {
              out.write(bytes);
              out.write('\n');
              return true;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    } catch (FileAlreadyExistsException e) {
      throw refused(file, "it exists already", "Name a new file; nothing is ever overwritten.");
    } catch (IOException | UncheckedIOException e) {
      throw refused(
          file,
          file.equals(TERMINAL) ? "there is no terminal" : "it cannot be written",
          "Name a new file in a folder that exists and has room.");
    }
  }

  private static OutputStream open(Path file) throws IOException {
    if (file.equals(TERMINAL)) {
      return Files.newOutputStream(file, StandardOpenOption.WRITE);
    }
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
    return Files.newOutputStream(file, StandardOpenOption.WRITE);
  }

  private static SecretException refused(Path file, String summary, String hint) {
    return new SecretException(Diagnostic.error("file " + file, summary, hint));
  }
}
