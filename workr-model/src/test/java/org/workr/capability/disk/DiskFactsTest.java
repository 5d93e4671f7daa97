package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.capability.SampleHost;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.planning.GoldenCase;

/** What is read of disks: real output, of which the golden cases hold more, and garbage. */
class DiskFactsTest {
  private static final String UUID = "5b1e6c3a-8d27-4f0c-9a64-2c7d1f0e9b35";
  private static final Fact<Openings> OPENINGS = Openings.fact(SampleHost.WORKR1);

  @Test
  void readsAProvisionedMachine() throws IOException {
    DiskState state = state("provisioned");
    assertThat(state.cryptsetup()).isEqualTo("2.6.1");
    assertThat(state.packages()).contains("clevis-luks", "clevis-initramfs");
    LuksDevice device = state.devices().get(0);
    assertThat(device.path()).isEqualTo("/dev/vda3");
    assertThat(device.uuid()).isEqualTo(UUID);
    assertThat(device.holders()).containsExactly("dm-0");
    assertThat(state.mapping(device).orElseThrow().name()).isEqualTo("dm_crypt-0");
    assertThat(state.crypttab(device).orElseThrow().asks()).isTrue();
    assertThat(device.volumeKeyOwn()).isTrue();
    assertThat(device.volumeKeyUnseen()).isFalse();
    assertThat(device.binding()).isPresent();
    assertThat(device.note(Note.Kind.PASSPHRASE).orElseThrow().generation()).isEqualTo(1);
    assertThat(device.since(Note.Kind.BINDING)).isEqualTo(Instant.ofEpochSecond(1795294630));
    assertThat(UnlockProof.of(device)).isTrue();
    assertThat(device.note(Note.Kind.UNLOCK).flatMap(Note::binding))
        .contains(device.since(Note.Kind.BINDING));
    LuksHeader header = device.header().orElseThrow();
    assertThat(header.bound()).containsExactly(2, 3);
    assertThat(header.unbound()).isEmpty();
    assertThat(header.claimed("clevis")).containsExactly(2);
    assertThat(header.reencrypting()).isFalse();
    assertThat(header.integrity()).isFalse();
    assertThat(header.segments()).containsExactly("crypt");
    assertThat(header.roomFor(2)).isTrue();
    assertThat(header.roomFor(16)).isFalse();
  }

  @Test
  void notesOfAnotherMachineDoNotCount() throws IOException {
    LuksDevice device = state("clone-of-a-provisioned-machine").devices().get(0);
    assertThat(device.binding()).isEmpty();
    assertThat(device.volumeKeyOwn()).isFalse();
    assertThat(state("provisioned").devices().get(0).ofAnotherMachine().volumeKeyOwn()).isFalse();
  }

  @Test
  void readsAReencryptionUnderWay() throws IOException {
    LuksDevice device = state("interrupted-reencryption-runs").devices().get(0);
    LuksHeader header = device.header().orElseThrow();
    assertThat(header.reencrypting()).isTrue();
    assertThat(header.volumeKey()).isEmpty();
    assertThat(header.volumeKeys()).hasSize(2);
    assertThat(device.unitActive()).isTrue();
    assertThat(device.progressText()).isEqualTo("44 %");
    // Both keyslots of the binding are in its token then.
    assertThat(device.binding().orElseThrow().keyslots()).hasSize(2);
    assertThat(state("interrupted-reencryption-stopped").devices().get(0).unitActive()).isFalse();
    assertThat(state("interrupted-reencryption-ended-by-itself").devices().get(0).volumeKeyUnseen())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Progress:  12.3%, ETA 00m42s, 352 MiB written, speed 52.1 MiB/s | 12 %",
        "{\"device_bytes\":\"1\",\"device_size\":\"3\"} | 33 %",
        "{\"device_bytes\":\"9999999999999999\",\"device_size\":\"9999999999999999\"} | 100 %",
        "{\"device_bytes\":\"99999999999999999999999\",\"device_size\":\"0\"} | begun",
        "garbage | begun"
      })
  void progressNeverThrows(String line, String text) throws IOException {
    LuksDevice device = state("provisioned").devices().get(0);
    LuksDevice other =
        new LuksDevice(
            device.path(),
            device.uuid(),
            device.size(),
            device.holders(),
            device.sources(),
            device.header(),
            device.machine(),
            "active",
            line);
    assertThat(other.progressText()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "cryptsetup",
        "cryptsetup 2.6.1",
        "cryptsetup 2.6.1\nbooted",
        "cryptsetup 2.6.1\nbooted x",
        "cryptsetup 2.6.1\nbooted 99999999999999999999",
        "cryptsetup 2.6.1\nbooted 1\nboot b\nmapping dm-0",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /dev/sda3\nuuid x",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /dev/sda3\nuuid x\nsize 1\nmetadata {",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /dev/sda3\nuuid x\nsize 1\nmetadata {}",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /dev/sda3\nuuid x\nsize 1\nmetadata []",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /dev/sda3\nuuid x\nsize 1\nmetadata null",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /d\nuuid x\nsize 1\nmetadata {\"keyslots\":{\"a\":{\"type\":\"luks2\"}},\"segments\":{}}",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /d\nuuid x\nsize 1\nmetadata {\"keyslots\":{},\"segments\":{},\"digests\":{\"a\":{}}}",
        "cryptsetup 2.6.1\nbooted 1\nboot b\ndevice /d\nuuid x\nsize 1\nmetadata {\"keyslots\":{},\"segments\":{},\"tokens\":{\"0\":{\"keyslots\":[\"x\"]}}}"
      })
  void garbageIsUnknown(String text) {
    assertUnknown(DiskState.FACT, text);
  }

  @Test
  void withoutCryptsetupThereIsNothing() {
    DiskState state = known(DiskState.FACT.read("cryptsetup -"));
    assertThat(state.devices()).isEmpty();
    assertThat(state.cryptsetup()).isEmpty();
  }

  @Test
  void whatCannotBeReadAsLuks2HasNoHeader() throws IOException {
    assertThat(state("luks1").devices().get(0).header()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "a b", "a b c", UUID + " x OWN", UUID + " 1 SOMEBODY", "a b c d"})
  void openingsThatAreNoneAreUnknown(String text) {
    assertUnknown(OPENINGS, text);
  }

  @Test
  void readsOpenings() throws IOException {
    LuksDevice device = state("provisioned").devices().get(0);
    Openings openings =
        known(OPENINGS.read(UUID + " 1 CURRENT\n" + UUID + " 4 CURRENT\n" + UUID + " 2 PENDING"));
    assertThat(openings.of(device, Openings.Which.CURRENT)).containsExactly(1, 4);
    assertThat(openings.of(device, Openings.Which.OWN)).isEmpty();
    assertThat(openings.all(device)).containsExactly(1, 2, 4);
    assertThat(openings.opening(device)).contains(Openings.Which.PENDING);
    Openings none = known(OPENINGS.read(""));
    assertThat(none.opening(device)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"x", "uuid id", "uuid id then", "uuid id 1 more"})
  void headerCopiesThatAreNoneAreUnknown(String text) {
    assertUnknown(HeaderCopies.FACT, text);
  }

  @Test
  void readsHeaderCopies() throws IOException {
    LuksDevice device = state("provisioned").devices().get(0);
    HeaderCopies copies = known(new Facts(golden("provisioned").before()).get(HeaderCopies.FACT));
    assertThat(copies.possible()).isTrue();
    assertThat(copies.of(device)).isPresent();
    HeaderCopies none = known(HeaderCopies.FACT.read("no keystore"));
    assertThat(none.possible()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "good /boot/x"})
  void imagesWithoutABuilderAreUnknown(String text) {
    assertUnknown(UnlockImage.FACT, text);
  }

  @ParameterizedTest
  @CsvSource({
    "2.4.0,2.4.3,true",
    "2.4.3,2.4.3,false",
    "2.10.0,2.7.0,false",
    "2.7.0,2.10.0,true",
    "2.7.0-rc1,2.7.0,false",
    "2.7,2.7.0,false",
    "2.7,2.7.5,true",
    "'',2.4.3,true",
    "garbage,2.4.3,true"
  })
  void comparesVersions(String version, String other, boolean before) {
    assertThat(Versions.before(version, other)).isEqualTo(before);
  }

  @Test
  void readsWhatABindingIsPinnedTo() throws IOException {
    BoundPolicy policy = bound("provisioned").orElseThrow();
    assertThat(policy.text())
        .isEqualTo("2 of (http://10.77.0.11, http://10.77.0.12, http://10.77.0.13)");
    assertThat(policy.servers())
        .allSatisfy(tang -> assertThat(tang.keys()).contains(tang.exchange()));
    assertThat(policy.servers().get(1).keys())
        .contains("n3G0NgfBVwT7C5pOt77qENn4-4XMzx3TrNmzImJoGPQ");
    Pin.Sss wanted = wanted("provisioned");
    assertThat(policy.is(wanted)).isTrue();
    assertThat(policy.is(wanted("threshold-changed"))).isFalse();
    assertThat(policy.is(wanted("tang-rotated"))).isFalse();
    assertThat(policy.is(new Pin.Sss(2, wanted.pins().subList(0, 2)))).isFalse();
    assertThat(policy.is(wanted.pins().get(0))).isFalse();
    assertThat(bound("binding-unreadable")).isEmpty();
  }

  @Test
  void aNestedPolicyIsRead() throws IOException {
    Facts after = new Facts(golden("policy-as-json").after().orElseThrow());
    LuksHeader.Token token =
        known(after.get(DiskState.FACT)).devices().get(0).binding().orElseThrow();
    BoundPolicy policy = BoundPolicy.of(token).orElseThrow();
    assertThat(policy.text())
        .isEqualTo(
            "2 of (http://10.77.0.11, TPM (registers 7), 1 of (http://10.77.0.12, http://10.77.0.13))");
    assertThat(policy.is(wanted("policy-as-json"))).isTrue();
  }

  private static Optional<BoundPolicy> bound(String name) throws IOException {
    return BoundPolicy.of(state(name).devices().get(0).binding().orElseThrow());
  }

  private static Pin.Sss wanted(String name) throws IOException {
    return golden(name).spec().disk().orElseThrow().unlocking().orElseThrow().sss();
  }

  private static GoldenCase golden(String name) {
    return GoldenCase.of(GoldenCase.ROOT.resolve(Path.of("disk", name)));
  }

  private static DiskState state(String name) throws IOException {
    return known(new Facts(golden(name).before()).get(DiskState.FACT));
  }

  private static <T> T known(Reading<T> reading) {
    assertThat(reading).isInstanceOf(Reading.Known.class);
    return ((Reading.Known<T>) reading).value();
  }

  private static void assertUnknown(Fact<?> fact, String text) {
    Reading<?> reading = fact.read(text);
    assertThat(reading).isInstanceOf(Reading.Unknown.class);
    assertThat(((Reading.Unknown<?>) reading).reason())
        .isNotBlank()
        .doesNotContain("For input string")
        .doesNotContain("null");
  }
}
