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
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                file.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.getInputStream().read()).isEqualTo('h');
      assertThatThrownBy(() -> FileGuard.of(file, SHORT)).isInstanceOf(FileSystemException.class);
    } finally {
      other.destroyForcibly();
      assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }
    FileGuard.of(file, Duration.ofSeconds(5)).close();
  }

  /** Holds the guard of a file until it is killed. */
  static final class Holder {
    public static void main(String[] arguments) throws Exception {
      FileGuard guard = FileGuard.of(Path.of(arguments[0]), Duration.ofSeconds(5));
      System.out.write('h');
      System.out.flush();
      Thread.sleep(Duration.ofSeconds(30).toMillis());
      guard.close();
    }
  }
}
