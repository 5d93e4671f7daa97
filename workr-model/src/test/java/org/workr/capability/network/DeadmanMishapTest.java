package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** What the dead-man script does when something comes in between. */
class DeadmanMishapTest extends DeadmanFixture {
  private static final String LIST_UNITS =
      """
      case "$1" in
        list-units) echo 'workr-network-rollback-1-1.timer loaded active waiting Put back' ;;
      esac
      """;

  @Test
  void keepsTheOldTimerWhenTheChangeCannotBeBegunAgain() throws Exception {
    change();
    standIn("systemctl", LIST_UNITS);
    standIn("systemd-run", "exit 1");
    forgetCalls();

    assertThat(run("begin")).isNotZero();

    assertThat(calls()).doesNotContain("systemctl stop workr-network-rollback-");
  }

  @Test
  void stopsTheOldTimerOnceTheNewOneTicks() throws Exception {
    change();
    standIn("systemctl", LIST_UNITS);
    forgetCalls();

    assertThat(run("begin")).isZero();

    assertThat(calls())
        .containsPattern(
            "(?s)systemd-run .*systemctl is-active .*systemctl stop workr-network-rollback-1-1.timer");
  }

  @Test
  void doesNotConfirmWhatIsNotInForceYet() throws Exception {
    // The address stays as it is, so the controller is back before the unit has applied anything.
    change();
    standIn("sleep", "");

    assertThat(run("confirm")).isNotZero();

    assertThat(said).contains("not in force yet");
    assertThat(home.resolve("pending")).exists();
    assertThat(guard()).exists();
  }

  @Test
  void waitsForTheUnitThatApplies() throws Exception {
    change();
    standIn("sleep", "echo one >\"$WORKR_NETWORK_HOME/good\"");

    assertThat(run("confirm")).isZero();
    assertThat(home.resolve("confirmed")).exists();
  }

  @Test
  void doesNotTakeTheLastChangesSuccessForThisOnes() throws Exception {
    change();
    run("apply");
    settings("two");
    standIn("sleep", "");

    run("begin");

    assertThat(run("confirm")).isNotZero();
    assertThat(said).contains("not in force yet");
  }

  @Test
  void isOnTheDiskBeforeItIsConfirmed() throws Exception {
    change();
    run("apply");
    standIn("mv", "exec /bin/mv \"$@\"");
    forgetCalls();

    run("confirm");

    assertThat(calls()).containsPattern("(?s)sync \\n.*mv -f .*pending .*confirmed\\nsync \\n");
  }

  @Test
  void staysArmedWhenTheConfirmationCannotBeWritten() throws Exception {
    change();
    run("apply");
    standIn("mv", "exit 1");

    assertThat(run("confirm")).isNotZero();
    assertThat(guard()).exists();
    assertThat(calls()).doesNotContain("systemctl stop workr-network-rollback-*.timer");
  }

  @Test
  void takesBackWhatWasWrittenAfterTheRollback() throws Exception {
    assertThat(run("begin")).isZero();
    run("rollback", "timer");
    write(NEW, "static\n");

    assertThat(run("start")).isNotZero();

    assertThat(said).contains("nobody confirmed the change within 150 seconds");
    assertIsOld();
  }

  @Test
  void goesAllTheWayBackWhenASecondTryIsRefused() throws Exception {
    change();
    run("apply");
    settings("two");
    run("begin");
    standIn("netplan", "[ \"$1\" != generate ]");
    forgetCalls();

    assertThat(run("start")).isNotZero();

    // What the first try applied is still in force, so the files alone would not do.
    assertThat(said).contains("the old one comes back now");
    assertThat(calls())
        .containsPattern("systemctl start --no-block workr-network-rollback-[0-9-]+\\.service");
    assertThat(home.resolve("pending")).exists();
  }

  @Test
  void doesNotRepeatTheReasonOfAnEarlierRollback() throws Exception {
    Files.writeString(home.resolve("reason"), "long ago\n");
    change();

    run("rollback", "timer");

    assertThat(home.resolve("rolled-back"))
        .hasContent("nobody confirmed the change within 150 seconds");
  }

  @Test
  void staysOpenWhenAFileCannotBePutBack() throws Exception {
    change();
    standIn("mv", "case $* in *50-cloud-init*) exit 1 ;; esac; exec /bin/mv \"$@\"");

    assertThat(run("rollback", "boot")).isNotZero();
    assertThat(home.resolve("going-back")).exists();
    assertThat(guard()).content().contains("ConditionPathExists=|" + home + "/going-back");

    standIn("mv", "exec /bin/mv \"$@\"");
    assertThat(run("rollback", "boot")).isZero();
    assertIsOld();
  }

  @Test
  void putsBackWithoutRoomForCopies() throws Exception {
    change();
    standIn("cp", "[ \"$1\" = -al ] && exec /bin/cp \"$@\"; : >\"$4\"; exit 1");

    assertThat(run("rollback", "timer")).isZero();

    assertIsOld();
  }

  @Test
  void doesNotLeaveAListWithHalfAName() throws Exception {
    change();
    settings("two", "/etc/network/interfaces.d/workr");
    standIn("cp", "case $* in *paths.new) /bin/cp \"$@\"; exit 1 ;; esac; exec /bin/cp \"$@\"");

    assertThat(run("begin")).isNotZero();

    assertThat(home.resolve("paths")).content().doesNotContain("interfaces.d");
  }

  @Test
  void listsAPathOnlyOnceItsCopyIsOnTheDisk() throws Exception {
    standIn("mv", "exec /bin/mv \"$@\"");
    standIn("cp", "exec /bin/cp \"$@\"");

    run("begin");

    assertThat(calls()).containsPattern("(?s)cp -a [^\\n]*50-cloud.*\\nsync \\nmv -f .*paths.new ");
  }

  @Test
  void failsWhenTheGuardCannotBeEnabled() throws Exception {
    standIn("ln", "exit 1");

    assertThat(run("begin")).isNotZero();
    assertThat(said).contains("cannot write");
    assertThat(home.resolve("pending")).doesNotExist();
  }

  @Test
  void replacesTheGuardWhole() throws Exception {
    change();
    standIn("cat", "[ $# -eq 0 ] && exit 1; exec /bin/cat \"$@\"");

    assertThat(run("begin")).isNotZero();
    assertThat(guard()).content().contains("ExecStart=");
  }

  @Test
  void putsBackAlsoWhenTheLockCannotBeTaken() throws Exception {
    change();
    Files.delete(home.resolve("lock"));
    Files.createDirectory(home.resolve("lock"));

    assertThat(run("rollback", "timer")).isZero();
    assertIsOld();
  }

  @Test
  void doesNotWaitForDaemonsThatABackendLeavesBehind() throws Exception {
    change();
    standIn("netplan", "/bin/sleep 30 &");

    long began = System.nanoTime();
    assertThat(run("apply")).isZero();
    assertThat(System.nanoTime() - began).isLessThan(20_000_000_000L);
    assertThat(home.resolve("good")).hasContent("one");
  }

  @Test
  void letsDaemonsOfABackendLiveAndKillsThemBeforeARollback() throws Exception {
    change();
    run("start");
    assertThat(calls())
        .containsPattern("systemd-run .*--property=KillMode=process .*deadman apply");
    forgetCalls();

    run("rollback", "timer");

    assertThat(calls())
        .containsPattern(
            "(?s)systemctl kill --signal=KILL workr-network-apply-.*systemctl stop workr-network-apply-.*netplan apply");
  }

  @Test
  void doesNotApplyWhatHasBeenTakenBack() throws Exception {
    change();
    run("rollback", "timer");
    forgetCalls();

    assertThat(run("apply")).isZero();
    assertThat(calls()).doesNotContain("netplan");
  }

  @Test
  void goesBackToTheConnectionThatWasInForceAtFirst() throws Exception {
    setting("backend=networkmanager", "connection=new", "old_connection=old");
    change();
    // The second run sees workr's own connection in force, which is not what to go back to.
    setting("backend=networkmanager", "connection=new", "old_connection=''");
    run("begin");
    standIn("nmcli", "");
    forgetCalls();

    run("rollback", "timer");

    assertThat(calls()).contains("nmcli --wait 30 connection up uuid old ifname tst0");
  }

  @Test
  void goesBackToWorkrsOwnConnectionAsItWas() throws Exception {
    setting("backend=networkmanager", "connection=new", "old_connection=''");
    standIn("nmcli", "");
    change();

    run("rollback", "timer");

    assertThat(calls())
        .contains("nmcli --wait 30 connection up uuid new ifname tst0")
        .doesNotContain("restart NetworkManager");
  }

  @Test
  void tellsTheResolverThatItsFilesAreOldAgain() throws Exception {
    setting("backend=ifupdown", "resolver=resolved");
    standIn("ifup", "");
    change();

    run("rollback", "timer");

    assertThat(calls())
        .containsPattern("(?s)ifup --force tst0.*systemctl try-restart systemd-resolved.service");
  }
}
