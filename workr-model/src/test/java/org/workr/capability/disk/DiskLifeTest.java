package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.capability.Findings;
import org.workr.capability.SampleHost;
import org.workr.diagnostic.Diagnostic;

/**
 * The keys of a disk from the template's to a second set of its own, with the real cryptsetup, and
 * killed at calls that write: whenever that is, a passphrase that is known opens the disk, from the
 * first binding on it also opens by itself, and running again goes on to the same end.
 */
class DiskLifeTest {
  /** All of them take minutes: -Dworkr.disk.every=1. */
  private static final int EVERY = Integer.getInteger("workr.disk.every", 8);

  @TempDir Path folder;
  private LuksFile machine;

  @BeforeEach
  void machine() throws IOException {
    machine = new LuksFile(folder);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void provisionsAndRekeys(boolean old) throws IOException {
    machine.mark("old", old);
    finish(new Disk());
    finish(rekeying());
    finish(rekeying());
    assertThat(machine.secrets()).containsValue("own canary 2").hasSize(1);
    assertThat(machine.seen()).noneMatch(line -> line.contains("canary"));
    for (String key : machine.keys()) {
      assertThat(machine.seen()).noneMatch(line -> line.contains(key));
    }
  }

  @Test
  void aBindingThatClevisDoesNotFindIsMadeAnew() {
    finish(new Disk());
    String invert =
        """
        id=$(cryptsetup luksDump DISK | sed -n 's/^  \\([0-9]*\\): clevis$/\\1/p')
        cryptsetup token export --token-id "$id" DISK >FOLDER/token
        cryptsetup token remove --token-id "$id" DISK
        cryptsetup token import --token-id 30 --json-file FOLDER/token DISK
        """;
    LuksFile.Ran ran = machine.shell(invert);
    assertThat(ran.status()).as(ran.errors()).isZero();
    assertThat(machine.opensByItself()).isFalse();
    finish(new Disk());
  }

  @Test
  void provisionsWhateverInterruptsIt() throws IOException {
    interrupt(new Disk(), false);
  }

  @Test
  void rekeysWhateverInterruptsIt() throws IOException {
    finish(new Disk());
    interrupt(rekeying(), true);
  }

  @Test
  @EnabledIfSystemProperty(named = "workr.disk.every", matches = "1")
  void withoutReplacingTokensInOneWriteAPassphraseStillOpensIt() throws IOException {
    // cryptsetup before 2.5. Two tokens for three servers do not fit, so for a moment there is
    // none.
    machine.mark("old", true);
    finish(new Disk());
    interrupt(rekeying(), false);
  }

  /** Kills it at each call that writes, one after the other, each time from the same beginning. */
  private void interrupt(Disk disk, boolean bound) throws IOException {
    LuksFile.Snapshot before = machine.snapshot("before");
    int calls = Integer.MAX_VALUE;
    for (int call = 1; call <= calls; call += EVERY) {
      machine.restore(before);
      machine.killAt(call);
      boolean done = machine.apply(plan(disk));
      int made = machine.calls();
      List<String> written = machine.written();
      machine.killAt(0);
      if (done) {
        assertThat(made).as("calls that write").isLessThan(call).isGreaterThan(9);
        calls = made;
        continue;
      }
      assertThat(machine.known().anyMatch(machine::opens)).as("killed at " + written).isTrue();
      if (bound) {
        assertThat(machine.opensByItself()).as("by itself, killed at " + written).isTrue();
      }
      finish(disk);
    }
  }

  private Findings plan(Disk disk) {
    Findings plan = machine.plan(disk);
    assertThat(plan.problems()).noneMatch(Diagnostic::isError);
    return plan;
  }

  /** As often as it takes: what is under way is finished before anything else is planned. */
  private void finish(Disk disk) {
    for (int i = 0; i < 3; i++) {
      Findings plan = plan(disk);
      if (plan.changes().isEmpty()) {
        break;
      }
      assertThat(machine.apply(plan))
          .as(() -> plan.changes() + "\nIt said: " + machine.failure())
          .isTrue();
    }
    assertThat(plan(disk).changes()).as("when everything is done").isEmpty();
    String own = machine.secrets().get(Openings.Which.OWN.of(SampleHost.WORKR1));
    assertThat(machine.opens(own)).isTrue();
    assertThat(machine.opens(LuksFile.TEMPLATE)).isFalse();
    assertThat(machine.opensByItself()).isTrue();
    assertThat(machine.header().slots()).hasSize(2);
    assertThat(machine.header().tokens().stream().map(LuksHeader.Token::type))
        .containsExactlyInAnyOrder(
            "clevis", "workr-passphrase", "workr-binding", "workr-volume-key");
  }

  /** Replaces what is older than now; notes go by whole seconds. */
  private static Disk rekeying() {
    try {
      Thread.sleep(1100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return new Disk(
        new Rekey(
            Set.of(Rekey.Part.values()), Instant.now().truncatedTo(ChronoUnit.SECONDS), false));
  }
}
