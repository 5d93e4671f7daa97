package org.workr.capability.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The script in a root of its own, run by the machine's sh; the programs that would touch the
 * machine are stand-ins that note how they were called.
 */
class DeadmanScriptTest {
  private static final String OLD = "/etc/netplan/50-cloud-init.yaml";
  private static final String NEW = "/etc/netplan/60-workr.yaml";
  private static final String REMNANT = "/run/netplan/ens3.yaml";
  private static final String LINK = "/etc/resolv.conf";

  @TempDir Path folder;
  private Path root;
  private Path home;

  /** What the last run said. */
  private String said = "";

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
    standIn(
        "ip",
        """
        case "$*" in
          *addr*) echo '2: ens3    inet 10.0.0.5/24 brd 10.0.0.255 scope global ens3' ;;
          *route*) echo 'default via 10.0.0.1 dev ens3' ;;
        esac
        """);
    standIn("perl", "echo '10.0.0.1 52:54:00:00:00:01'");
  }

  @Test
  void savesAndArmsBeforeAnythingIsChanged() throws Exception {
    assertThat(run("begin")).isZero();

    assertThat(home.resolve("pending")).hasContent("one netplan ens3");
    assertThat(home.resolve("backup" + OLD)).hasContent("dhcp4: true");
    assertThat(home.resolve("backup" + NEW)).doesNotExist();
    assertThat(guard()).content().contains("ConditionPathExists=" + home + "/pending");
    assertThat(at("/etc/systemd/system/sysinit.target.wants/workr-network-guard.service"))
        .isSymbolicLink()
        .exists();
    assertThat(calls())
        .containsPattern("systemd-run .*--on-active=150 .*deadman rollback timer")
        .containsPattern("systemctl is-active workr-network-rollback-[0-9-]+\\.timer");
    assertThat(at(OLD)).hasContent("dhcp4: true");
  }

  @Test
  void failsWhenTheTimerCannotBeArmed() throws Exception {
    standIn("systemd-run", "exit 1");

    assertThat(run("begin")).isNotZero();
    assertThat(said).contains("cannot arm the timer");
  }

  @Test
  void putsEverythingBackAsItWas() throws Exception {
    change();

    assertThat(run("rollback", "timer")).isZero();

    assertIsOld();
    assertThat(at(REMNANT)).hasContent("dhcp4: true");
    assertThat(calls()).contains("netplan apply");
    assertThat(home.resolve("pending")).doesNotExist();
    assertThat(guard()).doesNotExist();
    assertThat(home.resolve("rolled-back"))
        .hasContent("nobody confirmed the change within 150 seconds");
  }

  @Test
  void saysWhatTheMachineSawItself() throws Exception {
    change();
    Files.writeString(home.resolve("reason"), "the gateway does not answer\n");

    run("rollback", "timer");

    assertThat(home.resolve("rolled-back")).hasContent("the gateway does not answer");
  }

  @Test
  void goesOnWithARollbackThatWasCutOff() throws Exception {
    change();
    // The guard would find this after a power cut: one path back, the other not, nothing noted.
    Files.delete(at(NEW));

    assertThat(run("rollback", "boot")).isZero();

    assertIsOld();
    assertThat(home.resolve("pending")).doesNotExist();
  }

  @Test
  void leavesWhatIsInMemoryAloneAtBoot() throws Exception {
    change();

    run("rollback", "boot");

    assertThat(at(REMNANT)).doesNotExist();
    assertThat(calls()).contains("netplan generate").doesNotContain("netplan apply");
    assertThat(home.resolve("rolled-back")).content().contains("restarted");
  }

  @Test
  void keepsTheFirstBackupWhenTheChangeIsBegunAgain() throws Exception {
    change();
    settings("two");

    assertThat(run("begin")).isZero();
    assertThat(home.resolve("pending")).hasContent("two netplan ens3");
    run("rollback", "timer");

    assertIsOld();
  }

  @Test
  void savesAnewOnceTheLastChangeIsConfirmed() throws Exception {
    change();
    run("confirm");
    write(NEW, "second\n");

    run("begin");
    write(NEW, "third\n");
    run("rollback", "timer");

    assertThat(at(NEW)).hasContent("second");
    assertThat(at(OLD)).doesNotExist();
  }

  @Test
  void confirmsWhatIsGood() throws Exception {
    change();

    assertThat(run("confirm")).isZero();
    assertThat(home.resolve("pending")).doesNotExist();
    assertThat(guard()).doesNotExist();
    assertThat(calls()).contains("systemctl stop workr-network-rollback-*.timer");
    assertThat(run("confirm")).as("again").isZero();
    assertThat(run("rollback", "timer")).as("the timer comes second").isZero();
    assertThat(at(NEW)).hasContent("static");
    assertThat(at(OLD)).doesNotExist();
  }

  @Test
  void failsToConfirmWhenTheRollbackWasFirst() throws Exception {
    change();
    run("rollback", "timer");

    assertThat(run("confirm")).isNotZero();
    assertThat(said).contains("has been put back: nobody confirmed the change within 150 seconds");
  }

  @Test
  void failsToConfirmAnotherChange() throws Exception {
    change();
    settings("two");

    assertThat(run("confirm")).isNotZero();
    assertThat(home.resolve("pending")).exists();
  }

  @Test
  void leavesTheSwitchArmedWhenTheNetworkIsNotGood() throws Exception {
    change();
    standIn(
        "ip",
        """
        case "$*" in
          *addr*)
            echo '2: ens3    inet 10.0.0.5/24 brd 10.0.0.255 scope global ens3'
            echo '2: ens3    inet 10.0.0.99/24 brd 10.0.0.255 scope global secondary dynamic ens3'
            echo '2: ens3    inet 10.0.0.7/32 scope global ens3' ;;
        esac
        """);
    standIn("perl", "echo '10.0.0.1 -'");
    standIn("sleep", "");

    assertThat(run("confirm")).isNotZero();

    assertThat(said)
        .contains("ens3 still has the address 10.0.0.99/24")
        .contains("there is no default route through 10.0.0.1 on ens3")
        .contains("the gateway 10.0.0.1 does not answer on ens3")
        .doesNotContain("10.0.0.7");
    assertThat(home.resolve("pending")).exists();
    assertThat(guard()).exists();
  }

  @Test
  void goesBackAtOnceWhenTheBackendRefusesTheFiles() throws Exception {
    change();
    standIn("netplan", "echo 'Error in network definition'; [ ! -e \"$WORKR_TEST_NEW\" ]");

    assertThat(run("start")).isNotZero();

    assertThat(said).contains("netplan refused").contains("Error in network definition");
    assertIsOld();
    assertThat(calls()).doesNotContainPattern("systemd-run .*deadman apply");
  }

  @Test
  void doesNotWaitForTheTimerWhenTheNetworkIsNotGood() throws Exception {
    change();
    standIn("perl", "echo '10.0.0.1 -'");
    standIn("sleep", "");

    run("apply");

    assertThat(calls())
        .containsPattern("systemctl start --no-block workr-network-rollback-[0-9-]+\\.service");
    assertThat(home.resolve("reason")).content().contains("10.0.0.1 does not answer");
  }

  @Test
  void refusesSettingsThatWereCutOff() throws Exception {
    Files.writeString(home.resolve("settings"), "backend=netplan\ninterface=ens3\n");

    assertThat(run("begin")).isNotZero();
    assertThat(home.resolve("pending")).doesNotExist();
  }

  /** Begins, and changes what the steps in between would change. */
  private void change() throws Exception {
    assertThat(run("begin")).isZero();
    write(NEW, "static\n");
    Files.delete(at(OLD));
    Files.delete(at(REMNANT));
    Files.delete(at(LINK));
    write(LINK, "nameserver 10.0.0.1\n");
  }

  private void assertIsOld() throws IOException {
    assertThat(at(OLD)).hasContent("dhcp4: true");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(at(OLD))))
        .isEqualTo("rw-------");
    assertThat(at(NEW)).doesNotExist();
    assertThat(Files.readSymbolicLink(at(LINK))).isEqualTo(Path.of("../run/stub"));
    try (var files = Files.list(at(OLD).getParent())) {
      assertThat(files).containsExactly(at(OLD));
    }
  }

  private void settings(String id) throws IOException {
    Files.writeString(
        home.resolve("settings"),
        """
        backend=netplan
        interface=ens3
        address=10.0.0.5/24
        gateway=10.0.0.1
        resolver=plain
        connection=''
        old_connection=''
        rollback_after=150
        saved='%s
        %s
        %s
        %s'
        id=%s
        """
            .formatted(OLD, NEW, REMNANT, LINK, id));
  }

  private Path at(String path) {
    return root.resolve(path.substring(1));
  }

  private Path guard() {
    return at("/etc/systemd/system/workr-network-guard.service");
  }

  private void write(String path, String content) throws IOException {
    Files.createDirectories(at(path).getParent());
    Files.writeString(at(path), content);
  }

  private void standIn(String program, String body) throws IOException {
    Path file = Files.createDirectories(folder.resolve("bin")).resolve(program);
    Files.writeString(file, "#!/bin/sh\necho \"" + program + " $*\" >>$WORKR_TEST_CALLS\n" + body);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String calls() throws IOException {
    return Files.readString(folder.resolve("calls"));
  }

  private int run(String... arguments) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", home.resolve("deadman").toString()).redirectErrorStream(true);
    for (String argument : arguments) {
      builder.command().add(argument);
    }
    builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    builder.environment().put("WORKR_NETWORK_HOME", home.toString());
    builder.environment().put("WORKR_NETWORK_ROOT", root.toString());
    builder.environment().put("WORKR_TEST_CALLS", folder.resolve("calls").toString());
    builder.environment().put("WORKR_TEST_NEW", at(NEW).toString());
    Process process = builder.start();
    process.getOutputStream().close();
    said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }
}
