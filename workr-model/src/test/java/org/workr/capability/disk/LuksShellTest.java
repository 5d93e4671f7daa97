package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.capability.SampleHost;

/** The functions and the smaller scripts about LUKS, on a real header. */
class LuksShellTest {
  private static final String FAST = "--pbkdf pbkdf2 --pbkdf-force-iterations 1000";
  private static final String UUID = "5b1e6c3a-8d27-4f0c-9a64-2c7d1f0e9b35";
  private static final String CLEVIS = "\"type\":\"clevis\",\"keyslots\":[\"1\"]";
  @TempDir Path folder;
  private LuksFile machine;

  @BeforeEach
  void machine() throws IOException {
    machine = new LuksFile(folder);
  }

  @Test
  void slotsAreThoseWithData() {
    assertThat(said("slots")).isEqualTo("0");
    add("second");
    add("third");
    assertThat(said("slots; all_slots")).isEqualTo("0\n1\n2\n0\n1\n2");
    prepare("cryptsetup luksKillSlot -q DISK 1 </dev/null");
    assertThat(said("slots")).isEqualTo("0\n2");
    prepare("printf 'x\\n' | cryptsetup luksAddKey -q --unbound --key-size 512 " + FAST + " DISK");
    assertThat(said("slots")).isEqualTo("0\n2");
    assertThat(said("all_slots")).isEqualTo("0\n1\n2");
    prepare("for s in 0 1 2; do cryptsetup luksKillSlot -q DISK $s </dev/null; done");
    assertThat(said("slots; all_slots; tokens")).isEmpty();
  }

  @Test
  void tokensSayTypeAndKeyslot() {
    assertThat(said("tokens")).isEmpty();
    add("second");
    token("clevis", "\"1\"");
    token("workr-unlock", "");
    token("clevis", "\"0\"");
    assertThat(said("tokens")).isEqualTo("0 clevis 1\n1 workr-unlock -\n2 clevis 0");
    assertThat(said("tokens_of clevis")).isEqualTo("0\n2");
    assertThat(said("for s in 0 1 2; do bound_by_clevis $s && echo $s || :; done"))
        .isEqualTo("0\n1");
    prepare("cryptsetup luksKillSlot -q DISK 1 </dev/null");
    assertThat(said("tokens")).isEqualTo("0 clevis -\n1 workr-unlock -\n2 clevis 0");
  }

  @Test
  void aPassphraseHasItsSlots() {
    add("second");
    add("second");
    assertThat(said("slots_of second")).isEqualTo("1\n2");
    assertThat(said("slots_of nobody")).isEmpty();
    assertThat(said("opens_any second && echo yes")).isEqualTo("yes");
    assertThat(said("opens second 0 || echo no")).isEqualTo("no");
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

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNoteIsReplaced(boolean old) throws IOException {
    machine.mark("old", old);
    assertThat(notes("note workr-passphrase 0 1 ',\"generation\":\"1\"'")).containsExactly("1");
    assertThat(notes("note workr-passphrase 0 2 ''")).containsExactly("2");
    token("workr-passphrase", "");
    token("workr-passphrase", "");
    assertThat(notes("note workr-passphrase '' 3 ''")).containsExactly("3");
    said("forget workr-passphrase; forget workr-passphrase");
    assertThat(machine.header().tokens()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anInterruptionCostsNoMoreThanTheNote(boolean old) throws IOException {
    machine.mark("old", old);
    notes("note workr-binding 0 1 ''");
    LuksFile.Snapshot noted = machine.snapshot("noted");
    for (int call = 1; call <= (old ? 2 : 1); call++) {
      machine.restore(noted);
      machine.killAt(call);
      assertThat(script("note workr-binding 0 2 ''").status()).isNotZero();
      machine.killAt(0);
      assertThat(machine.header().tokens("workr-binding").isEmpty()).isEqualTo(call == 2);
      assertThat(machine.opens(LuksFile.TEMPLATE)).isTrue();
      assertThat(notes("note workr-binding 0 3 ''")).containsExactly("3");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aNoteOfABindingComesAfterTheTokenOfClevis(boolean old) throws IOException {
    machine.mark("old", old);
    add("bound");
    prepare("cryptsetup token import --token-id 3 --json-file - DISK", "{%s}".formatted(CLEVIS));
    said("note workr-passphrase 0 1 ''; note workr-binding 1 1 ''");
    assertThat(said("tokens")).isEqualTo("0 workr-passphrase 0\n3 clevis 1\n4 workr-binding 1");
    // One that is in the wrong place is moved.
    said("forget workr-binding");
    token("workr-binding", "\"1\"");
    assertThat(said("tokens")).contains("1 workr-binding 1\n3 clevis 1");
    for (int since = 2; since <= 3; since++) {
      said("note workr-passphrase 0 2 ''; note workr-binding 1 " + since + " ''");
      assertThat(said("tokens")).isEqualTo("0 workr-passphrase 0\n3 clevis 1\n4 workr-binding 1");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBindingThatDoesNotOpenIsPutBack(boolean old) throws IOException {
    machine.mark("old", old);
    smallTokens();
    assertThat(bind().status()).isZero();
    assertThat(machine.opensByItself()).isTrue();
    List<LuksHeader.Token> before = machine.header().tokens();
    machine.mark("pass-fails", true);
    assertThat(bind().errors()).contains("the one before was put back");
    machine.mark("pass-fails", false);
    assertThat(machine.header().tokens()).containsAll(before);
    assertThat(machine.header().tokens("clevis")).hasSize(1);
    assertThat(machine.opensByItself()).isTrue();
  }

  @Test
  void aBindingIsReplacedInManyWritesAndThereIsAlwaysOne() throws IOException {
    machine.mark("old", true);
    smallTokens();
    assertThat(bind().status()).isZero();
    LuksFile.Snapshot bound = machine.snapshot("bound");
    machine.killAt(0);
    assertThat(bind().status()).isZero();
    int calls = machine.calls();
    for (int call = 1; call <= calls; call++) {
      machine.restore(bound);
      machine.killAt(call);
      assertThat(bind().status()).isNotZero();
      List<String> written = machine.written();
      machine.killAt(0);
      assertThat(machine.opensByItself()).as("killed at " + written).isTrue();
      assertThat(bind().status()).isZero();
      assertThat(script("IFS= read -r P\n" + remove(), LuksFile.TEMPLATE).status()).isZero();
      assertThat(machine.opensByItself()).isTrue();
      assertThat(machine.header().tokens("clevis")).hasSize(1);
      assertThat(machine.header().tokens("workr-binding")).hasSize(1);
    }
  }

  @Test
  void ofTwoTokensOfAKeyslotTheFirstIsKept() throws IOException {
    smallTokens();
    assertThat(bind().status()).isZero();
    prepare(
        "cryptsetup token export --token-id 1 DISK | cryptsetup token import --json-file - DISK");
    LuksFile.Snapshot two = machine.snapshot("two");
    assertThat(machine.header().tokens("clevis")).hasSize(2);
    assertThat(script("IFS= read -r P\n" + remove(), LuksFile.TEMPLATE).status()).isZero();
    assertThat(machine.header().tokens("clevis")).hasSize(1);
    assertThat(machine.opensByItself()).isTrue();
    machine.restore(two);
    assertThat(bind().status()).isZero();
    assertThat(machine.header().tokens("clevis")).hasSize(1);
    assertThat(machine.opensByItself()).isTrue();
  }

  @Test
  void aUnitThatWaitsForAKeyThatNobodyBringsIsStartedAnew() throws Exception {
    assertThat(script("IFS= read -r P\n" + VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).status())
        .isZero();
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
    String start = VolumeKeyChange.START.replace("PROGRESS", "--progress-frequency 5");
    LuksFile.Ran ran = script("IFS= read -r P\n" + start, LuksFile.TEMPLATE);
    assertThat(ran.status()).as(ran.errors()).isZero();
    String said = "";
    for (int i = 0; i < 1200 && !said.equals("done"); i++) {
      Thread.sleep(50);
      said = machine.shell(probe).output();
    }
    assertThat(said).isEqualTo("done");
    assertThat(folder.resolve("run/reencrypt-" + UUID + "/key")).doesNotExist();
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
  }

  @Test
  void retiringKeepsTheOneInUseAndTheBindings() {
    add("own");
    add("other");
    add("bound");
    token("clevis", "\"3\"");
    for (int i = 0; i < 2; i++) {
      assertThat(retire("own", "0 1 2 3").status()).isZero();
      assertThat(said("slots")).isEqualTo("1\n3");
      assertThat(machine.header().tokens("workr-passphrase")).hasSize(1);
    }
    assertThat(machine.opens(LuksFile.TEMPLATE)).isFalse();
    assertThat(machine.opens("own")).isTrue();
  }

  @Test
  void retiringRemovesNothingForOneThatDoesNotOpenIt() {
    add("own");
    assertThat(retire("a wrong one", "0 1").status()).isNotZero();
    assertThat(retire("", "0 1").status()).isNotZero();
    assertThat(said("slots")).isEqualTo("0\n1");
  }

  @Test
  void retiringNeverRemovesTheLastOne() {
    assertThat(retire(LuksFile.TEMPLATE, "0").status()).isZero();
    assertThat(retire(LuksFile.TEMPLATE, "0 1 2 31").status()).isZero();
    assertThat(said("slots")).isEqualTo("0");
  }

  @Test
  void leftoversGoAndNothingElse() {
    add("own");
    add("bound");
    token("clevis", "\"2\"");
    token("clevis", "");
    prepare("printf 'x\\n' | cryptsetup luksAddKey -q --unbound --key-size 512 " + FAST + " DISK");
    String clean = Leftovers.CLEAN.replace("TOKENS", "0 1").replace("SLOTS", "1 2 3");
    for (int i = 0; i < 2; i++) {
      assertThat(script("IFS= read -r P\n" + clean, "own").status()).isZero();
      // What the passphrase opens and what is bound stay, whatever the plan says.
      assertThat(said("all_slots")).isEqualTo("0\n1\n2");
      assertThat(said("tokens")).isEqualTo("0 clevis 2");
    }
    assertThat(script("IFS= read -r P\n" + clean, "a wrong one").status()).isNotZero();
  }

  @Test
  void nothingIsBoundWhileServersAreDown() throws IOException {
    machine.mark("servers-down", true);
    String before = machine.header().id();
    assertThat(bind().errors()).contains("no server answers", "no disk was bound");
    assertThat(machine.header().id()).isEqualTo(before);
  }

  @Test
  void nothingIsBoundThatTheMetadataHaveNoRoomFor() throws IOException {
    Files.writeString(folder.resolve("protected"), "x".repeat(12288));
    String before = machine.header().id();
    assertThat(bind().errors()).contains("has room for 12288 bytes of metadata");
    assertThat(machine.header().id()).isEqualTo(before);
  }

  /** The keyslot stays until leftovers are removed, and a note says whose it is. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBindingThatDoesNotUnlockIsNotKept(boolean bound) throws IOException {
    if (bound) {
      assertThat(bind().status()).isZero();
    }
    List<LuksHeader.Token> before = machine.header().tokens("clevis");
    assertThat(before).hasSize(bound ? 1 : 0);
    machine.mark("nothing-unlocks", true);
    assertThat(bind().errors())
        .contains("does not open")
        .contains(bound ? "so the one before was put back" : "so it was taken off again");
    assertThat(machine.header().tokens("clevis")).isEqualTo(before);
    machine.mark("nothing-unlocks", false);
    assertThat(Leftovers.halfBound(machine.header())).hasSize(1);
    assertThat(machine.opensByItself()).isEqualTo(bound);
    assertThat(bind().status()).isZero();
    assertThat(machine.opensByItself()).isTrue();
  }

  @Test
  void noVolumeKeyIsBegunThatWouldLoseAKeyslot() {
    add("somebody's");
    String before = machine.header().id();
    LuksFile.Ran ran = script("IFS= read -r P\n" + VolumeKeyChange.BEGIN, LuksFile.TEMPLATE);
    assertThat(ran.errors()).contains("keyslot 1", "nothing was changed");
    assertThat(machine.header().id()).isEqualTo(before);
  }

  @Test
  void whatWasThereBeforeANewVolumeKeyIsRemembered() throws IOException {
    prepare("printf 'x\\n' | cryptsetup luksAddKey -q --unbound --key-size 512 " + FAST + " DISK");
    assertThat(script("IFS= read -r P\n" + VolumeKeyChange.BEGIN, LuksFile.TEMPLATE).status())
        .isZero();
    assertThat(machine.header().tokens(Note.Kind.VOLUME_KEY_BEGUN.type()))
        .singleElement()
        .satisfies(token -> assertThat(token.json().path("strange").asString()).isEqualTo("1"));
    assertThat(machine.header().reencrypting()).isTrue();
  }

  @Test
  void whetherAPassphraseOpensLuks1IsKnown() {
    String format = " | cryptsetup luksFormat -q --type luks1 --uuid " + UUID + " -i 10 DISK -";
    prepare("printf %s \"$(cat)\"" + format, "own");
    String probe = Openings.fact(SampleHost.WORKR1).probe();
    assertThat(machine.run(probe, List.of("pending", "own", "before")).output())
        .isEqualTo(UUID + " -1 OWN");
    assertThat(machine.run(probe, List.of("", "", "before")).output()).isEmpty();
  }

  private LuksFile.Ran bind() {
    String bind = BindingChange.BIND.replace("POLICY", "'{}'").replace("UNLOCK", "");
    return script("IFS= read -r P\n" + bind, LuksFile.TEMPLATE);
  }

  /** So that a header has room for two of them. */
  private void smallTokens() throws IOException {
    Files.writeString(folder.resolve("protected"), "eyJhbGciOiJkaXIifQ");
  }

  private static String remove() {
    return BindingChange.REMOVE.replace("KEEP", BindingChange.KEEP_NOTED);
  }

  private LuksFile.Ran retire(String passphrase, String slots) {
    return script(
        PassphraseChange.RETIRE.replace("SLOTS", slots).replace("GENERATION", "1"), passphrase);
  }

  private List<String> notes(String command) {
    said(command);
    return machine.header().tokens().stream()
        .map(token -> token.json().path("since").asString(""))
        .toList();
  }

  private void add(String passphrase) {
    prepare(
        "IFS= read -r t; IFS= read -r p; printf '%s\\n%s\\n' \"$t\" \"$p\" |"
            + " cryptsetup luksAddKey -q "
            + FAST
            + " DISK",
        LuksFile.TEMPLATE,
        passphrase);
  }

  private void token(String type, String keyslots) {
    prepare(
        "cryptsetup token import --json-file - DISK",
        "{\"type\":\"" + type + "\",\"keyslots\":[" + keyslots + "]}");
  }

  private void prepare(String script, String... lines) {
    LuksFile.Ran ran = machine.shell(script, lines);
    assertThat(ran.status()).as(ran.errors()).isZero();
  }

  private String said(String command) {
    LuksFile.Ran ran = script(command);
    assertThat(ran.status()).as(ran.errors()).isZero();
    return ran.output();
  }

  private LuksFile.Ran script(String body, String... lines) {
    return machine.shell(LuksShell.script(UUID, body), lines);
  }
}
