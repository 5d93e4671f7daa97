package org.workr.capability.disk;

import java.util.List;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * The end of a host's data: no keyslot is left that could open them (cryptsetup-luksErase(8)), and
 * no copy of one. What is on the disk can be read until the machine, which still has the volume key
 * in memory, is switched off; that happens a minute later.
 */
final class Erasure {
  private static final String ERASE =
      """
      ! reencrypting || die "$D is being re-encrypted: let mvn workr:rekey finish that first"
      # Whatever opened it, nothing may afterwards, so no passphrase is asked for.
      cryptsetup luksErase -q "$D"
      for id in $(tokens | awk '{print $1}' | sort -u); do cryptsetup token remove --token-id "$id" "$D"; done
      sync
      [ -z "$(all_slots)" ] || die "keyslots are left on $D: $(all_slots | tr '\\n' ' ')"
      ! printf none | cryptsetup open --test-passphrase --key-file - "$D" 2>/dev/null || die "something still opens $D"
      """;

  private static final String POWER_OFF =
      "systemd-run --quiet --collect --unit=workr-power-off --on-active=60 systemctl poweroff";

  private Erasure() {}

  static void plan(List<LuksDevice> devices, Findings.Builder out) {
    for (LuksDevice device : devices) {
      LuksHeader header = device.header().orElseThrow();
      if (header.slots().isEmpty()) {
        continue;
      }
      out.change(
          Stage.DISK,
          Action.DELETE,
          "keys of " + device.path(),
          header.slots().size() + " keyslots",
          "",
          new Step.DestroyHeaders(device.uuid()),
          Step.shell(LuksShell.script(device.uuid(), ERASE)));
    }
    if (!out.changes().isEmpty()) {
      out.change(
          Stage.DISK,
          Action.UPDATE,
          "machine",
          "running",
          "switched off in a minute, and never to start again",
          Step.shell(POWER_OFF));
    }
  }
}
