package org.workr.capability.disk;

import java.util.Set;
import java.util.TreeSet;
import org.workr.capability.Findings;

/** The TPMs that a policy asks for. */
final class Chips {
  private Chips() {}

  /** Whether the machine has the TPM that the policy asks for: Clevis binds to all or nothing. */
  static boolean present(Encryption spec, DiskState state, Findings.Builder out) {
    boolean all = true;
    for (Pin.Tpm2 pin : spec.chips()) {
      if (state.tpm().isEmpty()) {
        out.error(
            "the policy asks for a TPM 2, and Linux knows of none (/dev/tpmrm0)",
            "Switch it on in the firmware, or give the virtual machine one; or take it out of <disk>.");
        return false;
      }
      Set<String> banks = state.tpm().get();
      if (!pin.pcrs().isEmpty() && !banks.isEmpty() && !banks.contains(pin.bank().text())) {
        all = false;
        out.error(
            "the policy asks for registers of the bank '"
                + pin.bank().text()
                + "', and the TPM has "
                + String.join(", ", new TreeSet<>(banks)),
            "Declare one that it has.");
      }
    }
    return all;
  }
}
