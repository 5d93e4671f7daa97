package org.workr.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DurableFileTest {
  @TempDir Path folder;

  @Test
  void makesFoldersAndReplacesWhatIsThere() throws IOException {
    Path file = folder.resolve("a/b/report.json");
    DurableFile.write(file, "one");
    DurableFile.write(file, "two \u00fc");

    assertThat(file).hasContent("two \u00fc");
    assertThat(mode(file)).isEqualTo("rw-r--r--");
    assertThat(names(file.getParent())).containsExactly("report.json");
  }

  @Test
  void keepsToTheOwnerWhatIsTheOwners() throws IOException {
    Path file = folder.resolve("workr.p12");
    DurableFile.write(file, "everybody's");
    DurableFile.write(file, bytes("mine"), DurableFile.Readers.OWNER);

    assertThat(mode(file)).isEqualTo("rw-------");
  }

  @Test
  void replacesWhatALinkPointsTo() throws IOException {
    Path file = folder.resolve("real");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    DurableFile.write(file, "old");
    DurableFile.write(link, "new");

    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("new");
  }

  @Test
  void aFailureLeavesNothingBehind() throws IOException {
    Path file = Files.createDirectories(folder.resolve("taken/by/a/folder")).getParent();

    assertThatThrownBy(() -> DurableFile.write(file, "x")).isInstanceOf(IOException.class);
    assertThat(names(file.getParent())).containsExactly("a");
  }

  @Test
  void aPrivateFolderIsTheOwnersAndSoAreThoseThatWereMadeForIt() throws IOException {
    Files.createDirectory(folder.resolve("there"));
    String before = mode(folder.resolve("there"));
    DurableFile.makePrivateFolder(folder.resolve("there/a/b"));
    DurableFile.makePrivateFolder(folder.resolve("there/a/b"));

    assertThat(mode(folder.resolve("there"))).isEqualTo(before);
    assertThat(mode(folder.resolve("there/a"))).isEqualTo("rwx------");
    assertThat(mode(folder.resolve("there/a/b"))).isEqualTo("rwx------");
  }

  @Test
  void aFileIsNoFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    assertThatThrownBy(() -> DurableFile.makePrivateFolder(file)).isInstanceOf(IOException.class);
    assertThat(file).hasContent("x");
  }

  @Test
  void destroysTheContentAndTheName() throws IOException {
    Path file = Files.write(folder.resolve("header"), new byte[3_000_001]);
    Files.write(file, bytes("c4nary"));
    Path other = Files.createLink(folder.resolve("other-name"), file);
    DurableFile.destroy(file);

    assertThat(file).doesNotExist();
    assertThat(other).hasBinaryContent(new byte[6]);
  }

  @Test
  void destroyingWhatIsNotThereIsFine() throws IOException {
    DurableFile.destroy(folder.resolve("header"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatALinkPointsToIsNotDestroyed() throws IOException {
    Path file = Files.writeString(folder.resolve("somebody's"), "x");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);

    assertThatThrownBy(() -> DurableFile.destroy(link)).isInstanceOf(IOException.class);
    assertThat(file).hasContent("x");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
