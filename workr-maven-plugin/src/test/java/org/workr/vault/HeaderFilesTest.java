package org.workr.vault;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.engine.HeaderStore.Stored;
import org.workr.secret.SecretStore;
import org.workr.value.Hostname;

class HeaderFilesTest {
  private static final Hostname WORKR1 = new Hostname("workr1");
  private static final Hostname WORKR2 = new Hostname("workr2");
  private static final String UUID = "9a1f3c52-7f0e-4a51-8a6f-2d1f6a3f9b10";
  private static final long NOW = Instant.parse("2026-11-21T20:15:00Z").getEpochSecond();
  private static final String NAME = UUID + ".a1.20261121T201500Z.luks-header.enc";

  @TempDir Path folder;

  private SecretStore secrets;
  private HeaderFiles files;

  @BeforeEach
  void open() {
    secrets = Kept.store(folder);
    Clock clock = Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC);
    files = new HeaderFiles(secrets, clock, 1000);
  }

  @AfterEach
  void close() {
    secrets.close();
  }

  @Test
  void whatIsStoredCanBeReadWithTheKeystoresPassword() throws Exception {
    byte[] header = Kept.header(1);
    files.store(WORKR1, UUID, "a1", header);

    assertThat(names(WORKR1)).containsExactly(NAME);
    assertThat(files.stored(WORKR1)).containsExactly(new Stored(UUID, "a1", NOW));
    assertThat(files.stored(WORKR2)).isEmpty();
    assertThat(OpenSsl.decrypt(file(NAME), Kept.PASSWORD, 1000)).contains(header);
    assertThat(OpenSsl.decrypt(file(NAME), "another", 1000)).isNotEqualTo(Optional.of(header));
  }

  @Test
  void aPersonsCommandOpensIt() throws Exception {
    HeaderFiles real = new HeaderFiles(secrets, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    real.store(WORKR1, UUID, "a1", new byte[9]);

    Path stored = file(UUID + ".a1.19700101T000000Z.luks-header.enc");
    assertThat(OpenSsl.decrypt(stored, Kept.PASSWORD, 600_000)).contains(new byte[9]);
  }

  @Test
  void onlyTheOwnerGetsAtIt() throws Exception {
    files.store(WORKR1, UUID, "a1", Kept.header(1));

    assertThat(mode(files.folder())).isEqualTo("rwx------");
    assertThat(mode(files.folder().resolve("workr1"))).isEqualTo("rwx------");
    assertThat(mode(file(NAME))).isEqualTo("rw-------");
    assertThat(new String(Files.readAllBytes(file(NAME)), ISO_8859_1)).doesNotContain("c4nary");
    assertThat(files.folder().resolve(".gitignore")).hasContent("*");
  }

  @Test
  void aNewOneDestroysAllOthersOfItsDeviceAndNoneElse() throws Exception {
    files.store(WORKR1, UUID, "a1", new byte[9]);
    Path before = Files.createLink(folder.resolve("before"), file(NAME));
    Files.writeString(file("." + NAME + "123.new"), "of a run that was ended");
    files.store(WORKR1, "another-device", "a1", new byte[9]);
    files.store(WORKR2, UUID, "a1", new byte[9]);
    files.store(WORKR1, UUID, "b2", new byte[9]);

    assertThat(files.stored(WORKR1))
        .containsExactlyInAnyOrder(
            new Stored(UUID, "b2", NOW), new Stored("another-device", "a1", NOW));
    assertThat(files.stored(WORKR2)).containsExactly(new Stored(UUID, "a1", NOW));
    assertThat(names(WORKR1)).hasSize(2);
    assertThat(Files.readAllBytes(before)).containsOnly(0);
  }

  @Test
  void theSameOnceMoreInOneSecondIsANewFile() {
    files.store(WORKR1, UUID, "a1", new byte[9]);
    files.store(WORKR1, UUID, "a1", new byte[9]);

    assertThat(files.stored(WORKR1)).containsExactly(new Stored(UUID, "a1", NOW + 1));
  }

  @Test
  void destroysAllOfADeviceAndNoneElse() throws Exception {
    files.destroy(WORKR1, UUID);
    assertThat(files.folder()).doesNotExist();

    files.store(WORKR1, UUID, "a1", new byte[9]);
    files.store(WORKR1, UUID + "0", "a1", new byte[9]);
    Path gone = Files.createLink(folder.resolve("gone"), file(NAME));
    files.destroy(WORKR1, UUID);
    files.destroy(WORKR1, UUID);

    assertThat(files.stored(WORKR1)).containsExactly(new Stored(UUID + "0", "a1", NOW));
    assertThat(Files.readAllBytes(gone)).containsOnly(0);
  }

  @Test
  void destroysAllOfAHostAndNoneElse() throws Exception {
    files.destroyAll(WORKR1);
    assertThat(files.folder()).doesNotExist();

    files.store(WORKR1, UUID, "a1", new byte[9]);
    files.store(WORKR1, "a-device-that-is-gone", "a1", new byte[9]);
    files.store(WORKR2, UUID, "a1", new byte[9]);
    Files.writeString(file("." + NAME + "123.new"), "of a run that was ended");
    Path gone = Files.createLink(folder.resolve("gone"), file(NAME));
    files.destroyAll(WORKR1);
    files.destroyAll(WORKR1);

    assertThat(names(WORKR1)).isEmpty();
    assertThat(files.stored(WORKR2)).hasSize(1);
    assertThat(Files.readAllBytes(gone)).containsOnly(0);
  }

  @Test
  void whatCannotBeWrittenLeavesTheOneBefore() throws Exception {
    files.store(WORKR1, UUID, "a1", new byte[9]);
    byte[] before = Files.readAllBytes(file(NAME));
    Path lock = file(".headers.lock");
    Files.delete(lock);
    Files.createDirectory(lock);

    assertThatThrownBy(() -> files.store(WORKR1, UUID, "b2", new byte[9]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("header copies in " + files.folder().resolve("workr1") + ": one")
        .hasMessageContaining("cannot be stored (")
        .hasMessageContaining("The ones before are still there.");
    assertThat(file(NAME)).hasBinaryContent(before);
    assertThatThrownBy(() -> files.destroy(WORKR1, UUID)).hasMessageContaining("be destroyed");
    assertThat(file(NAME)).hasBinaryContent(before);
  }

  @Test
  void oneThatIsLeftIsSaid() throws Exception {
    files.store(WORKR1, UUID, "a1", new byte[9]);
    Path target = Files.writeString(folder.resolve("somebody's"), "x");
    Files.createSymbolicLink(file(UUID + ".old"), target);

    assertThatThrownBy(() -> files.destroy(WORKR1, UUID))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one cannot be destroyed");
    assertThatThrownBy(() -> files.store(WORKR1, UUID, "b2", new byte[9]))
        .hasMessageContaining("one before it cannot be destroyed");
    assertThat(files.stored(WORKR1)).contains(new Stored(UUID, "b2", NOW));
    assertThat(target).hasContent("x");
  }

  @Test
  void whatIsNoCopyIsNotListed() throws Exception {
    files.store(WORKR1, UUID, "a1", new byte[9]);
    Files.writeString(file("README"), "x");
    Files.writeString(file(UUID + ".a1.20261399T201500Z.luks-header.enc"), "x");

    assertThat(files.stored(WORKR1)).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../../x", "a.b", "A", "a\n", "a/b"})
  void aNameThatIsNoWordIsRefused(String word) throws IOException {
    assertThatThrownBy(() -> files.store(WORKR1, word, "a1", new byte[9]))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("workr1: '" + word + "' cannot be in the name");
    assertThatThrownBy(() -> files.store(WORKR1, UUID, word, new byte[9]))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> files.destroy(WORKR1, word)).isInstanceOf(IllegalStateException.class);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void withoutThePasswordNothingIsStoredAndThatIsSaidBefore() {
    assertThat(files.problem()).isEmpty();
    try (SecretStore none = Kept.store(folder, Map.of())) {
      HeaderFiles locked = new HeaderFiles(none, Clock.systemUTC());

      assertThat(locked.problem().orElseThrow().toString())
          .contains("its password is not given. Set the environment variable WORKR_STATS_KEYSTORE");
      assertThatThrownBy(() -> locked.store(WORKR1, UUID, "a1", new byte[9]))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("its password is not given");
      assertThat(locked.stored(WORKR1)).isEmpty();
      locked.destroy(WORKR1, UUID);
    }
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aPasswordThatIsEasyToGuessIsRefused() {
    try (SecretStore weak = Kept.store(folder, Map.of("WORKR_STATS_KEYSTORE", "weak-c4nary"))) {
      assertThat(new HeaderFiles(weak, Clock.systemUTC()).problem().orElseThrow().toString())
          .contains("its password is too easy to guess")
          .doesNotContain("weak-c4nary");
    }
  }

  private Path file(String name) {
    return files.folder().resolve("workr1").resolve(name);
  }

  private List<String> names(Hostname host) throws IOException {
    try (Stream<Path> list = Files.list(files.folder().resolve(host.value()))) {
      return list.map(file -> file.getFileName().toString())
          .filter(name -> !name.equals(".headers.lock"))
          .toList();
    }
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
