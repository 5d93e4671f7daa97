package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A new volume key, on a real header. */
class VolumeKeyScriptTest extends LuksScripts {
  @Test
  void aUnitThatWaitsForAKeyThatNobodyBringsIsStartedAnew() throws Exception {
    assertThat(withPassphrase(VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).status()).isZero();
    prepare(
        """
        mkdir -p FOLDER/run/reencrypt-UUID
        mkfifo FOLDER/run/reencrypt-UUID/key
        setsid cat FOLDER/run/reencrypt-UUID/key >/dev/null 2>&1 </dev/null &
        echo $! >FOLDER/unit
        """
            .replace("UUID", UUID));
    String probe = VolumeKeyChange.PROBE.replace("UUID", UUID);
    assertThat(machine.shell(probe).output()).startsWith("running");
    String start =
        VolumeKeyChange.START
            .replace("PROGRESS", "--progress-frequency 5")
            .replace("PROVE\n", VolumeKeyChange.PROVE);
    LuksFile.Ran ran = withPassphrase(start, LuksFile.TEMPLATE);
    assertThat(ran.status()).as(ran.errors()).isZero();
    String said = "";
    for (int i = 0; i < 1200 && !said.equals("done"); i++) {
      Thread.sleep(50);
      said = machine.shell(probe).output();
    }
    assertThat(said).isEqualTo("done");
    assertThat(folder.resolve("run/reencrypt-" + UUID + "/key")).doesNotExist();
  }

  /** That it is ended where it can be is tried by src-it/e2e/reencryption-end. */
  @Test
  void aClosedDiskIsLeftAsItIsUnlessItIsAtTheEnd() throws Exception {
    LuksFile.Ran nothing = script(ReencryptionEnd.CLOSED);
    assertThat(nothing.status()).as(nothing.errors()).isZero();
    assertThat(withPassphrase(VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).status()).isZero();
    String before = said("metadata");
    LuksFile.Ran begun = script(ReencryptionEnd.CLOSED);
    assertThat(begun.status()).isNotZero();
    assertThat(begun.errors()).contains("its header is not as it would be then");
    assertThat(said("metadata")).isEqualTo(before);
    assertThat(folder.resolve("run/reencrypt-" + UUID + "-end")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| running 0 %",
        "'{\"device_bytes\":\"0\",\"device_size\":\"1000\",\"speed\":\"0\",\"eta_ms\":\"0\"}'| running 0 %",
        "'{\"device_bytes\":\"500\",\"device_size\":\"1000\",\"speed\":\"0\",\"eta_ms\":\"0\"}'| running 50 %",
        "'{\"device_bytes\":\"500\",\"device_size\":\"1000\",\"speed\":\"1572864\",\"eta_ms\":\"61999\"}'|"
            + " 'running 50 %, 1.5 MiB/s, 1 min 01 s left'",
        "'Progress:  12.3%, ETA 00m42s, 352 MiB written'| 'running 12.3%, ETA 00m42s, 352 MiB written'"
      })
  void saysNoSpeedBeforeThereIsOne(String progress, String said) {
    prepare(
        """
        mkdir -p FOLDER/run/reencrypt-UUID
        echo 'PROGRESS' >FOLDER/run/reencrypt-UUID/progress
        setsid sleep 60 >/dev/null 2>&1 </dev/null &
        echo $! >FOLDER/unit
        """
            .replace("UUID", UUID)
            .replace("PROGRESS", progress));
    assertThat(machine.shell(VolumeKeyChange.PROBE.replace("UUID", UUID)).output()).isEqualTo(said);
    prepare("kill $(cat FOLDER/unit)");
  }

  @Test
  void noVolumeKeyIsBegunThatWouldLoseAKeyslot() {
    add("somebody's");
    String before = machine.header().id();
    assertThat(withPassphrase(VolumeKeyChange.CHECK, LuksFile.TEMPLATE).errors())
        .contains("keyslot 1 ", "opens neither", "nothing was changed");
    assertThat(withPassphrase(VolumeKeyChange.CHECK, "a wrong one").errors())
        .contains("the passphrase does not open", "nothing was changed");
    assertThat(machine.header().id()).isEqualTo(before);
    // Should it come between the check and the beginning.
    assertThat(withPassphrase(VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).errors())
        .contains("could not begin the re-encryption");
    assertThat(machine.header().reencrypting()).isFalse();
    assertThat(machine.header().tokens(Note.Kind.VOLUME_KEY_BEGUN.type())).isEmpty();
    assertThat(said("slots")).isEqualTo("0\n1");
    assertThat(machine.opens(LuksFile.TEMPLATE) && machine.opens("somebody's")).isTrue();
  }

  @Test
  void aDiskThatOnlyItsBindingOpensIsLeftAlone() {
    assertThat(bind().status()).isZero();
    prepare("cryptsetup luksKillSlot -q DISK 0 </dev/null");
    String before = machine.header().id();
    assertThat(withPassphrase(VolumeKeyChange.CHECK, LuksFile.TEMPLATE).errors())
        .contains("the passphrase does not open", "nothing was changed");
    assertThat(machine.header().id()).isEqualTo(before);
  }

  /** On a machine each trial is a key derivation of seconds. */
  @Test
  void eachKeyslotIsTriedOnce() throws IOException {
    assertThat(bind().status()).isZero();
    Files.writeString(folder.resolve("seen"), "");
    assertThat(withPassphrase(VolumeKeyChange.CHECK, LuksFile.TEMPLATE).status()).isZero();
    assertThat(trials()).hasSize(2).allMatch(trial -> trial.contains("--key-slot"));
    Files.writeString(folder.resolve("seen"), "");
    assertThat(withPassphrase(VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).status()).isZero();
    assertThat(trials()).isEmpty();
    assertThat(machine.header().reencrypting()).isTrue();
  }

  private List<String> trials() throws IOException {
    return machine.seen().stream().filter(line -> line.contains("--test-passphrase")).toList();
  }

  @Test
  void whatWasThereBeforeANewVolumeKeyIsRemembered() throws IOException {
    prepare("printf 'x\\n' | cryptsetup luksAddKey -q --unbound --key-size 512 " + FAST + " DISK");
    assertThat(withPassphrase(VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).status()).isZero();
    assertThat(machine.header().tokens(Note.Kind.VOLUME_KEY_BEGUN.type()))
        .singleElement()
        .satisfies(token -> assertThat(token.json().path("strange").asString()).isEqualTo("1"));
    assertThat(machine.header().reencrypting()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReencryptionIsSeenAndChangesNumbers(boolean old) throws IOException {
    machine.mark("old", old);
    add("second");
    token("clevis", "\"1\"");
    String before = said("volume_key");
    prepare(
        "printf '%s\\nsecond\\n' \"$(cat)\" | cryptsetup reencrypt -q --init-only DISK",
        LuksFile.TEMPLATE);
    assertThat(said("reencrypting && echo yes")).isEqualTo("yes");
    assertThat(said("slots")).isEqualTo("0\n1");
    assertThat(said("tokens")).contains("0 clevis 1");
    assertThat(said("opens_any second && echo yes")).isEqualTo("yes");
    assertThat(said("opens_any nobody || echo no")).isEqualTo("no");
    prepare("printf second | cryptsetup reencrypt -q --resume-only --key-file - DISK");
    assertThat(said("reencrypting || echo no")).isEqualTo("no");
    assertThat(said("slots")).isEqualTo("2\n3");
    assertThat(said("tokens")).isEqualTo("0 clevis 3");
    assertThat(said("volume_key"))
        .isNotEqualTo(before)
        .isEqualTo(machine.header().volumeKey().orElseThrow());
  }
}
