package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.secret.Canary.secret;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretExportTest {
  @TempDir Path folder;

  private final Secret secret = secret("stats.workr1.luks", Canary.VALUE);

  @Test
  void writesALineThatOnlyTheOwnerReads() throws Exception {
    Path file = folder.resolve("workr1");
    SecretExport.write(secret, file, folder.resolve("target"));

    assertThat(Files.readString(file)).isEqualTo(Canary.VALUE + "\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void overwritesNothing() throws Exception {
    Path file = Files.writeString(folder.resolve("workr1"), "mine");

    assertThatThrownBy(() -> SecretExport.write(secret, file, folder.resolve("target")))
        .isInstanceOf(SecretException.class)
        .hasMessage(
            "file " + file + ": it exists already. Name a new file; nothing is ever overwritten.");
    assertThat(file).hasContent("mine");
  }

  @Test
  void writesNothingIntoTheFolderOfMadeThings() {
    Path target = folder.resolve("target");

    assertThatThrownBy(() -> SecretExport.write(secret, target.resolve("x/../y"), target))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("whose content is packed and published");
    assertThat(target).doesNotExist();
  }

  @Test
  void standardOutputIsNoWayOut() {
    assertThatThrownBy(
            () -> SecretExport.write(secret, Path.of("/dev/stdout"), folder.resolve("target")))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("it exists already");
  }

  @Test
  void saysThatAFolderIsMissing() {
    assertThatThrownBy(
            () -> SecretExport.write(secret, folder.resolve("no/file"), folder.resolve("target")))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("it cannot be written")
        .hasMessageNotContaining("c4n");
  }
}
