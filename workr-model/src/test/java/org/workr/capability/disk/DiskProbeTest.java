package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the probe of {@link DiskState} finds in files of the machine. */
class DiskProbeTest extends LuksScripts {

  @Test
  void aLineOfCrypttabMayCallADiskByAnyName() throws IOException {
    assertThat(crypttab()).isEmpty();
    Files.createSymbolicLink(folder.resolve("by-name"), folder.resolve("disk"));
    Files.writeString(folder.resolve("another"), "");
    Files.writeString(
        folder.resolve("crypttab"),
        """
        # comment
        other FOLDER/another none luks
        gone FOLDER/nowhere none luks
        gone-too UUID=0f1e2d3c-4b5a-4968-8776-655443322110 none luks
        data FOLDER/by-name none luks,noauto"""
            .replace("FOLDER", folder.toString()));
    assertThat(machine.state().crypttab()).hasSize(4);
    assertThat(crypttab().map(Crypttab::target)).contains("data");
  }

  @Test
  void aLineOfCrypttabMayCallADiskByItsUuid() throws IOException {
    Files.writeString(folder.resolve("crypttab"), "data UUID=" + UUID + " none luks\n");
    assertThat(crypttab().map(Crypttab::target)).contains("data");
  }

  @Test
  void theTpmIsTheOneThatClevisTakes() throws IOException {
    assertThat(machine.state().tpm()).isEmpty();
    Files.writeString(folder.resolve("tpmrm1"), "");
    assertThat(machine.state().tpm()).contains(Set.of());
    Files.createDirectories(folder.resolve("tpm/tpm1/pcr-sha1"));
    Files.createDirectories(folder.resolve("tpm/tpm1/pcr-sha256"));
    assertThat(machine.state().tpm()).contains(Set.of("sha1", "sha256"));
  }

  @Test
  void grubOpensADiskOnlyWhenToldTo() throws IOException {
    Files.writeString(folder.resolve("grub"), "#GRUB_ENABLE_CRYPTODISK=y\n");
    machine.mark("disk-is-under-boot", true);
    assertThat(machine.state().grubDecrypts()).isFalse();
    for (String value : Set.of("y", "\"y\"", "'y'")) {
      Files.writeString(folder.resolve("grub"), "GRUB_ENABLE_CRYPTODISK=" + value + "\n");
      assertThat(machine.state().grubDecrypts()).as(value).isTrue();
    }
    machine.mark("disk-is-under-boot", false);
    assertThat(machine.state().grubDecrypts()).isFalse();
  }

  private Optional<Crypttab> crypttab() throws IOException {
    DiskState state = machine.state();
    return state.crypttab(state.devices().get(0));
  }
}
