package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Binding a keyslot to a policy, on a real header; Clevis is played. */
class BindingScriptTest extends LuksScripts {
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
      assertThat(withPassphrase(remove(), LuksFile.TEMPLATE).status()).isZero();
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
    assertThat(withPassphrase(remove(), LuksFile.TEMPLATE).status()).isZero();
    assertThat(machine.header().tokens("clevis")).hasSize(1);
    assertThat(machine.opensByItself()).isTrue();
    machine.restore(two);
    assertThat(bind().status()).isZero();
    assertThat(machine.header().tokens("clevis")).hasSize(1);
    assertThat(machine.opensByItself()).isTrue();
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

  /** So that a header has room for two of them. */
  private void smallTokens() throws IOException {
    Files.writeString(folder.resolve("protected"), "eyJhbGciOiJkaXIifQ");
  }

  private static String remove() {
    return BindingChange.REMOVE.replace("KEEP", BindingChange.KEEP_NOTED);
  }
}
