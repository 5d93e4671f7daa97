package org.workr.capability.disk;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is declared of the encrypted disks, from the places of the pom where it stands.
 *
 * @param disk what {@code <disk>} says
 * @param restartAllowed whether hosts are restarted, which proves that they unlock by themselves
 */
public record Encryption(DiskSpec disk, boolean restartAllowed) {

  /** The SHA-256 thumbprints that are pinned, by the URL of the server. */
  public Map<String, String> pinned() {
    Map<String, String> pinned = new TreeMap<>();
    servers()
        .forEach(
            tang ->
                tang.thumbprint()
                    .filter(thumbprint -> !thumbprint.isSha1())
                    .ifPresent(thumbprint -> pinned.put(tang.url().value(), thumbprint.value())));
    return pinned;
  }

  /** What unlocks the disks at boot. */
  Optional<Pin.Sss> policy() {
    return disk.unlocking().map(ClevisPolicy::sss);
  }

  /** The Tang servers in it. */
  List<Pin.Tang> servers() {
    return policy().map(Pin.Sss::servers).orElse(List.of());
  }

  /** What is asked of the host's TPM. */
  List<Pin.Tpm2> chips() {
    return policy().stream()
        .flatMap(Pin::all)
        .filter(Pin.Tpm2.class::isInstance)
        .map(Pin.Tpm2.class::cast)
        .toList();
  }

  /** Whether a TPM takes part. */
  boolean chip() {
    return !chips().isEmpty();
  }

  /** Packages that a host needs for it. */
  List<String> packages() {
    if (policy().isEmpty()) {
      return List.of();
    }
    return chip()
        ? List.of("clevis-luks", "clevis-initramfs", "clevis-tpm2")
        : List.of("clevis-luks", "clevis-initramfs");
  }
}
