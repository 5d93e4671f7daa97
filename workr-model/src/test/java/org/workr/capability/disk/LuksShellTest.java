package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.capability.SampleHost;

/** The functions and the smaller scripts about LUKS, on a real header. */
class LuksShellTest extends LuksScripts {
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
      assertThat(withPassphrase(clean, "own").status()).isZero();
      // What the passphrase opens and what is bound stay, whatever the plan says.
      assertThat(said("all_slots")).isEqualTo("0\n1\n2");
      assertThat(said("tokens")).isEqualTo("0 clevis 2");
    }
    assertThat(withPassphrase(clean, "a wrong one").status()).isNotZero();
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
}
