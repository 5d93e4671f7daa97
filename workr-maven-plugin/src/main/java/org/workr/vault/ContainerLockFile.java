package org.workr.vault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import org.workr.capability.container.ContainerLock;
import org.workr.engine.LockFile;
import org.workr.file.DurableFile;
import org.workr.file.FileGuard;
import org.workr.value.InvalidValueException;

/**
 * The lock of the containers as a file beside the pom.
 *
 * @param file need not exist
 */
public record ContainerLockFile(Path file) implements LockFile {
  /** Its name when nobody says anything else. */
  public static final String NAME = "workr-container.lock";

  private static final Duration OTHERS = Duration.ofSeconds(30);

  /**
   * What it says.
   *
   * @throws InvalidValueException when a line says nothing that is known
   */
  public ContainerLock read() {
    try {
      return ContainerLock.parse(text());
    } catch (InvalidValueException e) {
      throw new InvalidValueException(file.getFileName() + ", " + e.summary(), e.hint());
    }
  }

  @Override
  public String text() {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  @Override
  public void keep(Collection<String> lines) {
    try {
      FileGuard guard = FileGuard.of(file, OTHERS);
      try (guard) {
        DurableFile.write(file, ContainerLock.parse(text()).with(lines).text());
      }
    } catch (InvalidValueException e) {
      throw new IllegalStateException(
          file.getFileName() + " was not changed: " + e.summary() + ". " + e.hint(), e);
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
