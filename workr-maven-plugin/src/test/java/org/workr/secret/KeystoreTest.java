package org.workr.secret;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.workr.secret.Canary.name;
import static org.workr.secret.Canary.secret;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.SecretName;

class KeystoreTest {
  private static final SecretName LUKS = name("stats.workr1.luks");

  @TempDir Path folder;

  @Test
  void whatWasStoredIsThereForTheNextRun() throws Exception {
    try (Keystore keystore = open()) {
      assertThat(keystore.names()).isEmpty();
      keystore.add(
          List.of(secret("stats.workr1.luks", Canary.VALUE), secret("stats.workr2.luks", "x")));
    }

    try (Keystore keystore = open()) {
      assertThat(keystore.names()).containsExactly(LUKS, name("stats.workr2.luks"));
      assertThat(text(keystore.find(LUKS))).contains(Canary.VALUE);
      assertThat(keystore.find(name("stats.workr3.luks"))).isEmpty();
    }
  }

  @Test
  void theFileIsTheOwnersAndShowsNothing() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", Canary.VALUE)));
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    String bytes = new String(Files.readAllBytes(file()), ISO_8859_1);
    assertThat(bytes)
        .doesNotContain(new String(Canary.VALUE.getBytes(UTF_8), ISO_8859_1))
        .doesNotContain(new String(Canary.VALUE.getBytes(UTF_16BE), ISO_8859_1))
        .doesNotContain("c4n");
  }

  @Test
  void onlyStrongAlgorithmsAreUsed() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", Canary.VALUE)));
    }

    String hex = HexFormat.of().formatHex(Files.readAllBytes(file()));
    String pbe = "060a2a864886f70d010c01";
    assertThat(hex)
        .as("AES-256-CBC, HMAC-SHA256 as PRF, SHA-256 in the MAC")
        .contains("060960864801650304012a", "06082a864886f70d0209", "0609608648016503040201")
        .as("no RC4, RC2 or triple DES of PKCS #12, no SHA-1")
        .doesNotContain(pbe + "01", pbe + "02", pbe + "03", pbe + "04", pbe + "05", pbe + "06")
        .doesNotContain("06052b0e03021a");
  }

  @Test
  void refusesToWriteAWeakFile() throws Exception {
    try (Keystore keystore = open()) {
      System.setProperty("keystore.pkcs12.legacy", "");
      assertThatThrownBy(() -> keystore.add(List.of(secret("stats.workr1.luks", "x"))))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("keystore.pkcs12.legacy");
      assertThat(file()).doesNotExist();
    } finally {
      System.clearProperty("keystore.pkcs12.legacy");
    }
  }

  @Test
  void saysThatThePasswordIsWrongWithoutQuotingIt() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", "x")));
    }

    Throwable thrown =
        catchThrowable(() -> Keystore.open(file(), secret("stats.keystore", "wr0ng-canary")));

    assertThat(thrown)
        .isInstanceOf(SecretException.class)
        .hasMessage(
            "keystore "
                + file()
                + ": the secret 'stats.keystore' does not open it. Give the password that it was"
                + " made with.");
    assertThat(Canary.trace(thrown)).doesNotContain("wr0ng-canary");
  }

  @Test
  void saysThatTheFileIsBroken() throws Exception {
    Files.writeString(file(), Canary.VALUE);

    assertThatThrownBy(this::open)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("it cannot be read as a PKCS #12 file")
        .hasMessageNotContaining("c4n");
  }

  @Test
  void neverOverwrites() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", "old")));

      assertThatThrownBy(
              () ->
                  keystore.add(
                      List.of(
                          secret("stats.workr2.luks", "other"),
                          secret("stats.workr1.luks", Canary.VALUE))))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("'stats.workr1.luks' is in it already")
          .hasMessageNotContaining("c4n");
    }
    try (Keystore keystore = open()) {
      assertThat(text(keystore.find(LUKS))).contains("old");
      assertThat(keystore.names()).containsExactly(LUKS);
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsSaid() throws Exception {
    Path blocked = Files.writeString(folder.resolve("file"), "").resolve("workr.p12");
    try (Keystore keystore = Keystore.open(blocked, secret("stats.keystore", "pw"))) {
      assertThatThrownBy(() -> keystore.add(List.of(secret("stats.workr1.luks", Canary.VALUE))))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("it cannot be written")
          .hasMessageNotContaining("c4n");
    }
  }

  @Test
  void aPendingSecretStandsBesideTheOneInUseUntilItIsPromoted() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", "old")));
      keystore.putPending(secret("stats.workr1.luks", Canary.VALUE));
    }
    try (Keystore keystore = open()) {
      assertThat(keystore.names()).containsExactly(LUKS);
      assertThat(text(keystore.find(LUKS))).contains("old");
      assertThat(text(keystore.find(LUKS.pending()))).contains(Canary.VALUE);
      assertThat(keystore.find(LUKS.current())).isEmpty();
      keystore.promote(LUKS);
    }
    try (Keystore keystore = open()) {
      assertThat(text(keystore.find(LUKS))).contains(Canary.VALUE);
      assertThat(keystore.find(LUKS.pending())).isEmpty();
      assertThat(text(keystore.find(LUKS.current()))).contains("old");
    }
  }

  @Test
  void promotingWithoutAPendingOneWritesNothing() throws Exception {
    try (Keystore keystore = open()) {
      keystore.promote(LUKS);
      assertThat(file()).doesNotExist();

      keystore.add(List.of(secret("stats.workr1.luks", "old")));
      keystore.putPending(secret("stats.workr1.luks", "new"));
      keystore.promote(LUKS);
      byte[] once = Files.readAllBytes(file());
      keystore.promote(LUKS);
      assertThat(file()).hasBinaryContent(once);
    }
  }

  @Test
  void aSecretThatReplacesNoneLeavesNoneBehind() throws Exception {
    try (Keystore keystore = open()) {
      keystore.putPending(secret("stats.workr1.luks", "new"));
      keystore.promote(LUKS);

      assertThat(keystore.names()).containsExactly(LUKS);
      assertThat(text(keystore.find(LUKS))).contains("new");
    }
  }

  @Test
  void thePendingOneThatIsThereStays() throws Exception {
    try (Keystore keystore = open();
        Keystore other = open()) {
      keystore.putPending(secret("stats.workr1.luks", Canary.VALUE));
      other.putPending(secret("stats.workr1.luks", "other"));
      assertThat(text(other.find(LUKS.pending()))).contains(Canary.VALUE);

      other.remove(List.of(LUKS.pending()));
      other.putPending(secret("stats.workr1.luks", "other"));
      assertThat(text(other.find(LUKS.pending()))).contains("other");
    }
  }

  @Test
  void whatWasKeptFromAnEarlierReplacementIsNeverLost() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(
          List.of(
              secret("stats.workr1.luks", "old"),
              secret("stats.workr1.luks.current", Canary.VALUE)));
      for (int attempt = 0; attempt < 2; attempt++) {
        assertThatThrownBy(() -> keystore.putPending(secret("stats.workr1.luks", "new")))
            .isInstanceOf(SecretException.class)
            .hasMessage(
                "keystore "
                    + file()
                    + ": 'stats.workr1.luks.current' is still in it, kept from replacing"
                    + " 'stats.workr1.luks' before. A disk may still open with it: run the"
                    + " interrupted goal again, which takes it off the host and then forgets it.");
      }
      assertThat(keystore.find(LUKS.pending())).isEmpty();

      keystore.remove(List.of(LUKS.current()));
      keystore.putPending(secret("stats.workr1.luks", "new"));
      keystore.add(List.of(secret("stats.workr1.luks.current", Canary.VALUE)));
      assertThatThrownBy(() -> keystore.promote(LUKS)).hasMessageContaining("is still in it");
      assertThat(text(keystore.find(LUKS))).contains("old");
      assertThat(text(keystore.find(LUKS.pending()))).contains("new");

      keystore.remove(List.of(LUKS.current()));
      keystore.add(List.of(secret("stats.workr1.luks.current", "old")));
      keystore.promote(LUKS);
      assertThat(text(keystore.find(LUKS.current()))).contains("old");
    }
  }

  @Test
  void removesWhatIsThereAndOnlyThat() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", "a"), secret("stats.workr2.luks", "b")));
      keystore.remove(List.of(LUKS, name("stats.workr3.luks")));
      byte[] once = Files.readAllBytes(file());
      keystore.remove(List.of(LUKS));

      assertThat(file()).hasBinaryContent(once);
      assertThat(keystore.names()).containsExactly(name("stats.workr2.luks"));
    }
  }

  @Test
  void aWriteThatFailsLeavesEverythingAsItWas() throws Exception {
    try (Keystore keystore = open()) {
      keystore.add(List.of(secret("stats.workr1.luks", "old")));
      keystore.putPending(secret("stats.workr1.luks", Canary.VALUE));
    }
    // The file and its lock have room in the folder; the longer name of a new one has not.
    Path file = Files.move(file(), folder.resolve("k".repeat(245)));
    byte[] before = Files.readAllBytes(file);
    try (Keystore keystore = Keystore.open(file, secret("stats.keystore", "keystore-p4ssword"))) {
      assertThatThrownBy(() -> keystore.promote(LUKS))
          .isInstanceOf(SecretException.class)
          .hasMessageContaining("it cannot be written")
          .hasMessageContaining("It is as it was before.")
          .hasMessageNotContaining("c4n");

      assertThat(text(keystore.find(LUKS))).contains("old");
      assertThat(text(keystore.find(LUKS.pending()))).contains(Canary.VALUE);
    }
    assertThat(file).hasBinaryContent(before);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).noneMatch(left -> left.toString().endsWith(".new"));
    }
  }

  @Test
  void writersAtTheSameTimeLoseNothing() throws Exception {
    int writers = 4;
    int each = 3;
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    List<Future<?>> running = new ArrayList<>();
    for (int writer = 0; writer < writers; writer++) {
      int number = writer;
      running.add(
          threads.submit(
              () -> {
                try (Keystore keystore = open()) {
                  for (int i = 0; i < each; i++) {
                    keystore.add(List.of(secret("stats.w" + number + "-" + i + ".luks", "x")));
                  }
                }
                return null;
              }));
    }
    for (Future<?> one : running) {
      one.get();
    }
    threads.shutdown();

    try (Keystore keystore = open()) {
      assertThat(keystore.names()).hasSize(writers * each);
    }
  }

  private Path file() {
    return folder.resolve("workr.p12");
  }

  private Keystore open() throws SecretException {
    return Keystore.open(file(), secret("stats.keystore", "keystore-p4ssword"));
  }

  private static Optional<String> text(Optional<Secret> secret) {
    return secret.map(Canary::text);
  }
}
