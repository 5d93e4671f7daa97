package org.workr.capability.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * The dead-man script in a root of its own, run by the machine's sh; the programs that would touch
 * the machine are stand-ins that note how they were called.
 */
abstract class DeadmanFixture {
  // No machine has the interface tst0: the script ends DHCP clients of its interface for real.
  static final String OLD = "/etc/netplan/50-cloud-init.yaml";
  static final String NEW = "/etc/netplan/60-workr.yaml";
  static final String REMNANT = "/run/netplan/tst0.yaml";
  static final String LINK = "/etc/resolv.conf";

  /** What ip(8) prints when the network is as wanted. */
  static final String GOOD =
      """
      case "$*" in
        *addr*) echo '2: tst0    inet 10.0.0.5/24 brd 10.0.0.255 scope global tst0' ;;
        *route*) echo 'default via 10.0.0.1 dev tst0' ;;
      esac
      """;

  @TempDir Path folder;
  Path root;
  Path home;

  /** What the last run said. */
  String said = "";

  @BeforeEach
  void aMachine() throws Exception {
    root = folder.resolve("root");
    home = Files.createDirectories(folder.resolve("home"));
    write(OLD, "dhcp4: true\n");
    Files.setPosixFilePermissions(at(OLD), PosixFilePermissions.fromString("rw-------"));
    write(REMNANT, "dhcp4: true\n");
    Files.createSymbolicLink(at(LINK), Path.of("../run/stub"));
    Files.writeString(home.resolve("deadman"), DeadmanScript.TEXT);
    settings("one");
    for (String program : new String[] {"systemctl", "systemd-run", "netplan", "sync"}) {
      standIn(program, "");
    }
    standIn("ip", GOOD);
    standIn("perl", "echo '10.0.0.1 52:54:00:00:00:01'");
  }

  /** Begins, and changes what the steps in between would change. */
  void change() throws Exception {
    assertThat(run("begin")).isZero();
    write(NEW, "static\n");
    Files.delete(at(OLD));
    Files.delete(at(REMNANT));
    Files.delete(at(LINK));
    write(LINK, "nameserver 10.0.0.1\n");
  }

  void assertIsOld() throws IOException {
    assertThat(at(OLD)).hasContent("dhcp4: true");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at(OLD))))
        .isEqualTo("rw-------");
    assertThat(at(NEW)).doesNotExist();
    assertThat(Files.readSymbolicLink(at(LINK))).isEqualTo(Path.of("../run/stub"));
    try (var files = Files.list(at(OLD).getParent())) {
      assertThat(files).containsExactly(at(OLD));
    }
  }

  void settings(String id, String... morePaths) throws IOException {
    StringBuilder more = new StringBuilder();
    for (String path : morePaths) {
      more.append(path).append('\n');
    }
    Files.writeString(
        home.resolve("settings"),
        """
        backend=netplan
        interface=tst0
        address=10.0.0.5/24
        gateway=10.0.0.1
        resolver=plain
        connection=''
        old_connection=''
        rollback_after=150
        saved='%s%s
        %s
        %s
        %s'
        id=%s
        """
            .formatted(more, OLD, NEW, REMNANT, LINK, id));
  }

  /** Adds lines to the settings, each of which goes before what the settings said. */
  void setting(String... lines) throws IOException {
    settings("one");
    Files.writeString(
        home.resolve("settings"), String.join("\n", lines) + "\n", StandardOpenOption.APPEND);
  }

  Path at(String path) {
    return root.resolve(path.substring(1));
  }

  Path guard() {
    return at("/etc/systemd/system/workr-network-guard.service");
  }

  void write(String path, String content) throws IOException {
    Files.createDirectories(at(path).getParent());
    Files.writeString(at(path), content);
  }

  void standIn(String program, String body) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(program);
    Files.writeString(file, "#!/bin/sh\necho \"" + program + " $*\" >>$WORKR_TEST_CALLS\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  void forgetCalls() throws IOException {
    Files.writeString(folder.resolve("calls"), "");
  }

  String calls() throws IOException {
    return Files.readString(folder.resolve("calls"));
  }

  int run(String... arguments) throws Exception {
    return end(start(arguments));
  }

  /** Waits until a program has been called with arguments that contain {@code text}. */
  void awaitCall(String text) throws Exception {
    for (int i = 0; i < 600 && !calls().contains(text); i++) {
      Thread.sleep(50);
    }
    assertThat(calls()).contains(text);
  }

  /** Shell text that waits until the test lets {@code name} go on. */
  static String waitFor(String name) {
    return "while [ ! -e \"$WORKR_TEST_CALLS-" + name + "\" ]; do /bin/sleep 0.05; done\n";
  }

  /** Lets go on what waits for {@code name}. */
  void letGo(String name) throws IOException {
    Files.writeString(folder.resolve("calls-" + name), "");
  }

  Process start(String... arguments) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", home.resolve("deadman").toString()).redirectErrorStream(true);
    for (String argument : arguments) {
      builder.command().add(argument);
    }
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("WORKR_NETWORK_HOME", home.toString());
    builder.environment().put("WORKR_NETWORK_ROOT", root.toString());
    builder.environment().put("WORKR_NETWORK_LOCK", "1");
    builder.environment().put("WORKR_TEST_CALLS", folder.resolve("calls").toString());
    builder.environment().put("WORKR_TEST_NEW", at(NEW).toString());
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /** Exit status of what was started, at its end. */
  int end(Process process) throws Exception {
    said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
