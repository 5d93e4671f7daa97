package org.workr.capability.platform;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.facts.Reading;

/** The probe is run by the machine's own sh on another dpkg's folder; the locks are real. */
class DpkgTest {
  private static final String HALF =
      """
      Package: sudo
      Status: install ok installed

      Package: docker.io
      Status: install ok half-installed
      """;

  @TempDir Path folder;

  @BeforeEach
  void prepare() throws IOException {
    file("dpkg/status", HALF);
    file("dpkg/updates/0001", "");
    for (String lock : List.of("dpkg/lock-frontend", "dpkg/lock", "apt/lists/lock")) {
      file(lock, "");
    }
  }

  @Test
  void whatNobodyWorksOnIsInterrupted() throws Exception {
    Dpkg dpkg = probe();

    assertThat(dpkg.interrupted()).isTrue();
    assertThat(dpkg.busy()).isFalse();
    assertThat(dpkg.title()).isEqualTo("dpkg was interrupted\ndocker.io half-installed");
  }

  @Test
  void whatSomebodyWorksOnIsNotInterrupted() throws Exception {
    for (String lock : List.of("dpkg/lock-frontend", "dpkg/lock")) {
      try (FileChannel held = hold(lock)) {
        Dpkg dpkg = probe();

        assertThat(held.isOpen()).isTrue();
        assertThat(dpkg.interrupted()).as(lock).isFalse();
        assertThat(dpkg.busy()).as(lock).isTrue();
        assertThat(dpkg.holder()).startsWith(ProcessHandle.current().pid() + " ");
      }
    }
  }

  /** Refreshing the lists leaves packages as they are. */
  @Test
  void theLockOfTheListsSaysNothingOfPackages() throws Exception {
    try (FileChannel held = hold("apt/lists/lock")) {
      assertThat(held.isOpen()).isTrue();
      assertThat(probe().interrupted()).isTrue();
    }
  }

  @Test
  void isBusyAlsoBetweenTwoPackages() throws Exception {
    file("dpkg/status", "Package: sudo\nStatus: install ok installed\n");
    Files.delete(folder.resolve("var/lib/dpkg/updates/0001"));
    assertThat(probe()).isEqualTo(new Dpkg(false, List.of(), ""));

    try (FileChannel held = hold("dpkg/lock-frontend")) {
      assertThat(held.isOpen()).isTrue();
      assertThat(probe().busy()).isTrue();
    }
  }

  @Test
  void isNotKnownWithoutItsDatabase() throws Exception {
    Files.delete(folder.resolve("var/lib/dpkg/status"));

    assertThat(run().exitValue()).isNotZero();
  }

  private void file(String name, String content) throws IOException {
    Path path = folder.resolve("var/lib").resolve(name);
    Files.createDirectories(path.getParent());
    Files.writeString(path, content);
  }

  private FileChannel hold(String name) throws IOException {
    FileChannel channel =
        FileChannel.open(folder.resolve("var/lib").resolve(name), StandardOpenOption.WRITE);
    assertThat(channel.lock().isValid()).isTrue();
    return channel;
  }

  private Dpkg probe() throws IOException, InterruptedException {
    Process process = run();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.exitValue()).as(output).isZero();
    return ((Reading.Known<Dpkg>) Dpkg.FACT.read(output.stripTrailing())).value();
  }

  private Process run() throws IOException, InterruptedException {
    String script = Dpkg.FACT.probe().replace("/var/lib/", folder + "/var/lib/");
    Process process = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return process;
  }
}
