package org.workr.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.workr.plan.Step;
import org.workr.report.HostOutcome;
import org.workr.report.Status;
import org.workr.value.SecretName;

/** What the controller keeps, and what it does not, on a host whose cryptsetup is made up. */
class KeeperTest extends OnThisMachine {
  private static final String UUID = "f6e1b1c6-6f2d-4d0f-9d2b-0c0f3a5e7b11";
  private static final SecretName LUKS = new SecretName("c.h1.luks");
  private static final String METADATA =
      "{\n  \"keyslots\":{\n\t\"0\":{\"type\":\"luks2\"}\n  }\n}\n";

  private final byte[] header = new byte[3_000_001];

  @BeforeEach
  void disk() throws IOException {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));
    new Random(7).nextBytes(header);
    Files.write(folder.resolve("header"), header);
    cryptsetup(METADATA, "");
  }

  /**
   * A device with this metadata.
   *
   * @param meanwhile what happens right after its header was copied
   */
  private void cryptsetup(String metadata, String meanwhile) throws IOException {
    Files.writeString(folder.resolve("metadata"), metadata);
    program(
        "cryptsetup",
        """
        cd %s || exit 1
        case "$1 $2 $3" in
          "luksDump --dump-json-metadata /dev/disk/by-uuid/%s") cat metadata;;
          "luksDump --dump-json-metadata "*) cat metadata.copied;;
          "luksHeaderBackup /dev/disk/by-uuid/%s --header-backup-file")
            cp metadata metadata.copied; cp header "$4" && %s :;;
          *) echo "$@" >unknown; exit 1;;
        esac
        """
            .formatted(folder, UUID, UUID, meanwhile));
  }

  private HostOutcome store() {
    HostOutcome outcome = provision(new Step.StoreHeader(UUID), greeting()[1]).hosts().get(0);
    assertThat(runDirectory.resolve("header")).doesNotExist();
    assertThat(folder.resolve("unknown")).doesNotExist();
    return outcome;
  }

  private void assertNotStored(HostOutcome outcome, String why) {
    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains(UUID + " was not stored").contains(why);
    assertThat(kept.changes).isEmpty();
    assertThat(folder.resolve("greeting")).doesNotExist();
  }

  @Test
  void storesAHeaderUnderItsIdAndWipesIt() throws Exception {
    HostOutcome outcome = store();

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    byte[] digest =
        MessageDigest.getInstance("SHA-256")
            .digest(METADATA.replaceAll("[ \n\t]", "").getBytes(UTF_8));
    String id = HexFormat.of().formatHex(digest).substring(0, 16);
    assertThat(kept.stored).containsOnlyKeys(UUID + " " + id);
    assertThat(kept.stored.get(UUID + " " + id).equals(new String(header, ISO_8859_1))).isTrue();
    assertThat(kept.last).hasSize(header.length).containsOnly(0);
  }

  @Test
  void doesNotStoreAHeaderThatArrivedOtherwise() throws IOException {
    program("base64", "/usr/bin/base64 \"$@\" | tr AB BA\n");
    assertNotStored(store(), header.length + " of " + header.length + " bytes arrived, with");
  }

  @Test
  void doesNotStoreAPartOfAHeader() throws IOException {
    program("base64", "/usr/bin/base64 \"$@\" | sed 1d\n");
    assertNotStored(store(), (header.length - 6000) + " of " + header.length + " bytes arrived");
  }

  @Test
  void doesNotStoreAHeaderThatChangedMeanwhile() throws IOException {
    cryptsetup(METADATA, "echo '{}' >metadata;");
    assertNotStored(store(), "it changed while it was read. Run the goal again.");
  }

  @Test
  void doesNotStoreACopyThatIsOfAnotherHeader() throws IOException {
    cryptsetup(METADATA, "echo '{}' >metadata.copied;");
    assertNotStored(store(), "it changed while it was read");
  }

  @Test
  void doesNotStoreTheHeaderOfADeviceThatIsBeingReencrypted() throws IOException {
    cryptsetup("{\"requirements\":{\"mandatory\":[\"online-reencrypt-v2\"]}}", "");
    assertNotStored(store(), "it is being re-encrypted");
  }

  @Test
  void saysWhatCryptsetupSaid() throws IOException {
    cryptsetup(METADATA, "{ echo Sorry.; echo 'No space left.' >&2; false; } &&");
    assertNotStored(store(), "No space left.");
  }

  @Test
  void doesNotStoreAHeaderWithoutMetadata() throws IOException {
    cryptsetup("", "");
    assertNotStored(store(), "its metadata cannot be read");
  }

  @Test
  void takesNoHeaderThatIsNone() throws IOException {
    program("wc", "echo 999999999\n");
    assertNotStored(store(), "no LUKS header has more than");
  }

  @Test
  void changesWhatIsKeptInTheOrderOfThePlan() {
    HostOutcome outcome =
        provision(
                new Step.MakeSecret(LUKS),
                new Step.PromoteSecret(LUKS),
                new Step.ForgetSecret(LUKS.current()),
                new Step.DestroyHeaders(UUID),
                greeting()[1])
            .hosts()
            .get(0);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(kept.changes)
        .containsExactly(
            "make " + LUKS, "promote " + LUKS, "forget " + LUKS.current(), "destroy h1 " + UUID);
  }

  @Test
  void saysWhyNothingCouldBeKept() {
    kept.failing("the keystore workr.p12 is read-only. Make it writable.");
    HostOutcome outcome = provision(new Step.MakeSecret(LUKS), greeting()[1]).hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .isEqualTo("test.greeting: the keystore workr.p12 is read-only. Make it writable.");
    assertThat(folder.resolve("greeting")).doesNotExist();
  }

  @Test
  void wipesAHeaderThatCannotBeStored() {
    kept.failing("the disk is full.");
    HostOutcome outcome = store();

    assertThat(outcome.message()).isEqualTo("test.greeting: the disk is full.");
    assertThat(kept.last).hasSize(header.length).containsOnly(0);
  }

  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9";

  @Test
  void keepsInTheLockWhatTheHostSaysAndNothingElse() {
    Step keep =
        new Step.KeepInLock("it", "echo r 4.4.2; echo unsaid >&2; echo 'host-key h1 " + KEY + "'");
    HostOutcome outcome = provision(keep, greeting()[1]).hosts().get(0);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(kept.changes).containsExactly("keep r 4.4.2, host-key h1 " + KEY);
    assertThat(kept.text()).contains("r 4.4.2\n").contains("host-key h1 " + KEY + "\n");
  }

  @Test
  void aHostThatSaysNothingOrNonsenseIsNotKept() {
    HostOutcome silent = provision(new Step.KeepInLock("the key", "true")).hosts().get(0);
    assertThat(silent.status()).isEqualTo(Status.FAILED);
    assertThat(silent.message()).contains("it said nothing of the key");
    assertThat(kept.changes).isEmpty();

    kept.failing("the lock cannot be written");
    HostOutcome refused = provision(new Step.KeepInLock("it", "echo r 1")).hosts().get(0);
    assertThat(refused.status()).isEqualTo(Status.FAILED);
    assertThat(refused.message()).contains("the lock cannot be written");
    assertThat(kept.text()).isEmpty();
  }
}
