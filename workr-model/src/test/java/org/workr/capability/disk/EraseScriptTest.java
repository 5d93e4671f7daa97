package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.workr.capability.Findings;
import org.workr.diagnostic.Diagnostic;

/** The end of a disk, on a real header. */
class EraseScriptTest extends LuksScripts {
  @Test
  void nothingOpensItAfterwards() throws IOException {
    provision();
    Path header = folder.resolve("stored");
    assertThat(machine.known().anyMatch(machine::opens)).isTrue();
    assertThat(machine.opensByItself()).isTrue();
    assertThat(machine.shell("cp DISK " + header).status()).isZero();

    assertThat(machine.apply(erasing())).isTrue();

    assertThatItIsErased();
    // Were it the passphrases that are wrong, the copy from before would not open either.
    assertThat(machine.shell("cp " + header + " DISK").status()).isZero();
    assertThat(machine.known().anyMatch(machine::opens)).isTrue();
  }

  @Test
  void aSecondRunDoesNothing() throws IOException {
    provision();
    assertThat(machine.apply(erasing())).isTrue();
    String erased = machine.header().id();
    assertThat(erasing().changes()).isEmpty();
    // Nor does the script, if it is run all the same.
    LuksFile.Ran again = erase();
    assertThat(again.status()).as(again.errors()).isZero();
    assertThat(machine.header().id()).isEqualTo(erased);
  }

  @Test
  void killedWheneverItGoesOn() throws IOException {
    provision();
    LuksFile.Snapshot before = machine.snapshot("before");
    boolean done = false;
    int call = 1;
    for (; !done; call++) {
      assertThat(call).isLessThan(20);
      machine.restore(before);
      machine.killAt(call);
      done = machine.apply(erasing());
      machine.killAt(0);
      if (!done) {
        assertThat(erasing().changes()).as("killed at call " + call).hasSize(1);
        assertThat(machine.apply(erasing())).isTrue();
      }
      assertThatItIsErased();
    }
    assertThat(call).as("calls that write, and one more").isGreaterThan(5);
  }

  @Test
  void whatIsHalfReencryptedStaysAsItIs() throws IOException {
    LuksFile.Ran begun =
        machine.shell(
            "printf %s \"$(cat)\" | cryptsetup reencrypt -q --init-only --key-file - DISK",
            LuksFile.TEMPLATE);
    assertThat(begun.status()).as(begun.errors()).isZero();
    String before = machine.header().id();
    assertThat(erasingAnyhow().problems()).anyMatch(Diagnostic::isError);
    assertThat(erasingAnyhow().changes()).isEmpty();
    assertThat(erase().errors()).contains("let mvn workr:rekey finish it first");
    assertThat(machine.header().id()).isEqualTo(before);
  }

  @Test
  void aUnitThatWorksIsSeenWithoutReadingTheHeader() throws IOException {
    String before = machine.header().id();
    Files.writeString(folder.resolve("unit"), String.valueOf(ProcessHandle.current().pid()));
    Files.writeString(folder.resolve("seen"), "");
    LuksFile.Ran ran = erase();
    assertThat(ran.status()).isNotZero();
    assertThat(ran.errors()).contains("is being re-encrypted");
    assertThat(machine.seen()).noneMatch(line -> line.startsWith("luksDump"));
    Files.delete(folder.resolve("unit"));
    assertThat(machine.header().id()).isEqualTo(before);
  }

  private void provision() {
    for (int i = 0; i < 3; i++) {
      assertThat(machine.apply(machine.plan(new Disk()))).isTrue();
    }
  }

  private Findings erasing() {
    Findings plan = erasingAnyhow();
    assertThat(plan.problems()).noneMatch(Diagnostic::isError);
    return plan;
  }

  private Findings erasingAnyhow() {
    return machine.plan(Disk.erasing());
  }

  private void assertThatItIsErased() {
    assertThat(machine.known().anyMatch(machine::opens)).isFalse();
    assertThat(machine.opensByItself()).isFalse();
    assertThat(machine.header().slots()).isEmpty();
    assertThat(machine.header().tokens()).isEmpty();
  }

  private LuksFile.Ran erase() {
    return script(Erasure.ERASE);
  }
}
