package org.workr.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileGuardTest {
  private static final Duration SHORT = Duration.ofMillis(60);

  @TempDir Path folder;

  @Test
  void keepsOtherThreadsOutUntilItIsClosed() throws IOException {
    Path file = folder.resolve("workr.p12");
    FileGuard guard = FileGuard.of(file, SHORT);

    assertThatThrownBy(() -> FileGuard.of(file, SHORT))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("another run is writing it and holds")
        .hasMessageContaining(".workr.p12.lock");

    guard.close();
    FileGuard.of(file, SHORT).close();
  }

  @Test
  void keepsOtherProcessesOutUntilTheyDie() throws Exception {
    Path file = folder.resolve("workr.p12");
    Process other = another(file, Duration.ofSeconds(30));
    try {
      assertThat(other.getInputStream().read()).isEqualTo('h');
      assertThatThrownBy(() -> FileGuard.of(file, SHORT)).isInstanceOf(FileSystemException.class);
    } finally {
      other.destroyForcibly();
      assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
    FileGuard.of(file, Duration.ofSeconds(5)).close();
  }

  @Test
  void keepsOtherProcessesOutAfterAThreadOfThisOneHasGivenUp() throws Exception {
    Path file = folder.resolve("workr.p12");
    FileGuard guard = FileGuard.of(file, SHORT);
    assertThatThrownBy(() -> FileGuard.of(file, SHORT)).isInstanceOf(FileSystemException.class);

    Process other = another(file, SHORT);
    assertThat(other.getInputStream().read()).isEqualTo(-1);
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();

    guard.close();
    guard.close();
    FileGuard.of(file, SHORT).close();
  }

  @Test
  void saysWhenItsWaitWasInterrupted() throws IOException {
    Path file = folder.resolve("workr.p12");
    FileGuard guard = FileGuard.of(file, SHORT);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> FileGuard.of(file, SHORT))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining("interrupted while waiting");
    assertThat(Thread.interrupted()).isTrue();
    guard.close();
  }

  private static Process another(Path file, Duration limit) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            file.toString(),
            limit.toString())
        .start();
  }

  /** Holds the guard of a file until it is killed. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      FileGuard guard = FileGuard.of(Path.of(arguments[0]), Duration.parse(arguments[1]));
      System.out.write('h');
      System.out.flush();
      Thread.sleep(Duration.ofSeconds(30).toMillis());
      guard.close();
    }
  }
}
