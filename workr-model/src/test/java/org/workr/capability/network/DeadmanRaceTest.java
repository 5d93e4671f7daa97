package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/**
 * The confirmation and the timer at the same time, where whoever has the lock keeps it for longer
 * than the other one waits: one of them wins, and both know which.
 */
class DeadmanRaceTest extends DeadmanFixture {

  @Test
  void doesNotConfirmWhatIsBeingTakenBack() throws Exception {
    change();
    run("apply");
    forgetCalls();
    standIn("ip", waitFor("ip") + GOOD);
    standIn("netplan", "[ \"$1\" != apply ] || " + waitFor("netplan"));
    Process confirm = start("confirm");
    awaitCall("ip -o");
    Process rollback = start("rollback", "timer");
    awaitCall("netplan apply");

    letGo("ip");
    assertThat(end(confirm)).isNotZero();
    assertThat(said).contains("is being put back");
    letGo("netplan");
    assertThat(end(rollback)).isZero();

    assertIsOld();
    assertThat(home.resolve("confirmed")).doesNotExist();
    assertThat(home.resolve("rolled-back")).exists();
  }

  @Test
  void doesNotConfirmWhatIsTakenBackAtTheLastMoment() throws Exception {
    change();
    run("apply");
    standIn("mv", "case $* in *confirmed) " + waitFor("mv") + " ;; esac; exec /bin/mv \"$@\"");
    Process confirm = start("confirm");
    awaitCall("confirmed");

    assertThat(run("rollback", "timer")).isZero();
    letGo("mv");

    assertThat(end(confirm)).isNotZero();
    assertThat(said).contains("has been put back: nobody confirmed the change");
    assertIsOld();
    assertThat(home.resolve("confirmed")).doesNotExist();
  }

  @Test
  void doesNotTakeBackWhatIsConfirmedAtTheLastMoment() throws Exception {
    change();
    run("apply");
    standIn(
        "mv",
        """
        case $* in
          *confirmed) CONFIRM ;;
          *going-back) ROLLBACK ;;
        esac
        exec /bin/mv "$@"
        """
            .replace("CONFIRM", waitFor("confirm").strip())
            .replace("ROLLBACK", waitFor("rollback").strip()));
    Process confirm = start("confirm");
    awaitCall("confirmed");
    Process rollback = start("rollback", "timer");
    awaitCall("going-back");

    letGo("confirm");
    assertThat(end(confirm)).isZero();
    letGo("rollback");
    assertThat(end(rollback)).isZero();

    assertThat(at(NEW)).hasContent("static");
    assertThat(at(OLD)).doesNotExist();
    assertThat(home.resolve("confirmed")).exists();
    assertThat(home.resolve("rolled-back")).doesNotExist();
  }

  @Test
  void doesNotConfirmWhatIsHalfBack() throws Exception {
    change();
    run("apply");
    standIn("mv", "case $* in *50-cloud-init*) exit 1 ;; esac; exec /bin/mv \"$@\"");
    assertThat(run("rollback", "timer")).isNotZero();

    assertThat(run("confirm")).isNotZero();

    assertThat(said).contains("is being put back");
    assertThat(home.resolve("confirmed")).doesNotExist();
    assertThat(guard()).exists();
  }

  @Test
  void keepsTheFirstBackupAfterARollbackThatWasCutOff() throws Exception {
    change();
    standIn("mv", "case $* in *50-cloud-init*) exit 1 ;; esac; exec /bin/mv \"$@\"");
    assertThat(run("rollback", "timer")).isNotZero();
    standIn("mv", "exec /bin/mv \"$@\"");

    assertThat(run("begin")).isZero();

    assertThat(home.resolve("going-back")).doesNotExist();
    assertThat(run("rollback", "timer")).isZero();
    assertIsOld();
  }

  @Test
  void leavesTheNextChangeArmedThatBeganDuringARollback() throws Exception {
    change();
    standIn("netplan", "[ \"$1\" != apply ] || " + waitFor("netplan"));
    Process rollback = start("rollback", "timer");
    awaitCall("netplan apply");
    Files.delete(home.resolve("lock"));

    assertThat(run("begin")).isZero();
    letGo("netplan");

    assertThat(end(rollback)).isZero();
    assertThat(home.resolve("pending")).exists();
    assertThat(guard()).exists();
  }
}
