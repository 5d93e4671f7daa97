package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What the dead-man script does when each of its commands comes in its turn. */
class DeadmanScriptTest extends DeadmanFixture {

  @Test
  void isAsInTheGoldenPlans() throws Exception {
    Path golden = Path.of("src/test/resources/golden/capability/network/texts/deadman");
    if (Boolean.getBoolean("workr.golden.update")) {
      Files.createDirectories(golden.getParent());
      Files.writeString(golden, DeadmanScript.TEXT);
    }
    assertThat(golden).hasContent(DeadmanScript.TEXT);
  }

  @Test
  void savesAndArmsBeforeAnythingIsChanged() throws Exception {
    assertThat(run("begin")).isZero();

    assertThat(home.resolve("pending")).hasContent("one netplan tst0");
    assertThat(home.resolve("backup" + OLD)).hasContent("dhcp4: true");
    assertThat(home.resolve("backup" + NEW)).doesNotExist();
    assertThat(guard()).content().contains("ConditionPathExists=|" + home + "/pending");
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
    assertThat(home.resolve("pending")).hasContent("two netplan tst0");
    run("rollback", "timer");

    assertIsOld();
  }

  @Test
  void savesAnewOnceTheLastChangeIsConfirmed() throws Exception {
    change();
    run("apply");
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
    assertThat(run("apply")).isZero();

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
    standIn("sleep", "");

    assertThat(run("confirm")).isNotZero();
    assertThat(home.resolve("pending")).exists();
  }

  @Test
  void leavesTheSwitchArmedWhenTheNetworkIsNotGood() throws Exception {
    change();
    run("apply");
    standIn(
        "ip",
        """
        case "$*" in
          *addr*)
            echo '2: tst0    inet 10.0.0.5/24 brd 10.0.0.255 scope global dynamic tst0'
            echo '2: tst0    inet 10.0.0.99/24 brd 10.0.0.255 scope global secondary dynamic tst0'
            echo '2: tst0    inet 10.0.0.7/32 scope global tst0' ;;
        esac
        """);
    standIn("perl", "echo '10.0.0.1 -'");
    standIn("sleep", "");

    assertThat(run("confirm")).isNotZero();

    assertThat(said)
        .contains("tst0 has the address 10.0.0.5/24 by DHCP")
        .contains("tst0 still has the address 10.0.0.99/24")
        .contains("there is no default route through 10.0.0.1 on tst0")
        .contains("the gateway 10.0.0.1 does not answer on tst0")
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
    Files.writeString(home.resolve("settings"), "backend=netplan\ninterface=tst0\n");

    assertThat(run("begin")).isNotZero();
    assertThat(home.resolve("pending")).doesNotExist();
  }
}
