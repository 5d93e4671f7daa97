package org.workr.capability.disk;

import java.util.List;
import org.workr.binding.Doc;
import org.workr.binding.Range;

/**
 * A host's TPM 2 chip.
 *
 * @param pcrs registers that must be as they were
 * @param bank the hash of the registers
 */
@Doc("The host's own TPM 2 chip.")
public record Tpm2Spec(
    @Doc(
            value =
                "Registers that must be as they were when the disk was bound. Updates of firmware and"
                    + " boot loader change some of them.",
            defaultValue = "7",
            item = "pcr")
        @Range(min = "0", max = "23")
        List<Integer> pcrs,
    @Doc(
            value = "The hash of the registers: `sha1`, `sha256`, `sha384` or `sha512`.",
            defaultValue = "sha256")
        PcrBank bank) {

  /** Copies the list. */
  public Tpm2Spec {
    pcrs = List.copyOf(pcrs);
  }
}
