package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.capability.platform.Disks;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * The end of a host's data: no keyslot is left that could open them (cryptsetup-luksErase(8)), and
 * no copy of one. What is on the disk can be read until the machine, which still has the volume key
 * in memory, is switched off; that happens a minute later.
 */
final class Erasure {
  static final String ERASE =
      """
      # Found while planning too. Asked of the unit first: whoever reads the header may stop the machine.
      case $(systemctl show -p ActiveState --value "workr-reencrypt-$U.service" 2>/dev/null) in
        active|activating|deactivating) die "$D is being re-encrypted: run the goal again when mvn workr:status says that it is done" ;;
      esac
      ! reencrypting || die "a re-encryption of $D was begun: let mvn workr:rekey finish it first"
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

  static void plan(DiskState state, Disks disks, Findings.Builder out) {
    List<LuksDevice> devices = new ArrayList<>();
    for (LuksDevice device : state.devices()) {
      if (ofThisMachine(device, state, disks)) {
        devices.add(device);
      } else {
        out.warning(
            "'"
                + device.path()
                + "' is left as it is: the system does not stand on it, and"
                + " /etc/crypttab does not name it",
            "If it is to be erased too: cryptsetup luksErase " + device.path() + ".");
      }
    }
    if (erasable(devices, state, disks, out)) {
      erase(devices, state.leaving(), out);
    }
  }

  private static boolean ofThisMachine(LuksDevice device, DiskState state, Disks disks) {
    return state.crypttab(device).isPresent()
        || disks.luksUnderRoot().stream().anyMatch(node -> node.path().equals(device.path()));
  }

  /** Nothing is erased unless all of it can be: else somebody would believe that it was. */
  private static boolean erasable(
      List<LuksDevice> devices, DiskState state, Disks disks, Findings.Builder out) {
    if (devices.isEmpty()) {
      out.error(
          "no encrypted disk was found on it", "There is nothing to erase: look at lsblk -f.");
    }
    boolean all = !devices.isEmpty();
    for (LuksDevice device : devices) {
      all &= erasable(device, disks, out);
    }
    for (Crypttab line : state.crypttab()) {
      if (state.absent().contains(line)) {
        all = false;
        out.error(
            "/etc/crypttab names a disk that is not there: " + line.source(),
            "Nothing was erased. Attach it; or remove its line, if it is to stay as it is. Then run"
                + " the goal again.");
      }
      Optional<String> header = line.option("header");
      if (header.isPresent() && !line.random()) {
        all = false;
        out.error(
            "/etc/crypttab says '"
                + header.get()
                + "' of '"
                + line.target()
                + "': its keys are in a header apart, which workr does not erase",
            "Nothing was erased. Erase it (cryptsetup luksErase, with --header), remove the line, and"
                + " run the goal again.");
      }
    }
    return all;
  }

  private static boolean erasable(LuksDevice device, Disks disks, Findings.Builder out) {
    boolean works = device.working();
    if (works || device.header().filter(LuksHeader::reencrypting).isPresent()) {
      out.error(
          "'"
              + device.path()
              + (works
                  ? "' is being re-encrypted (" + device.progressText() + ")"
                  : "' is half re-encrypted, and nothing goes on with it"),
          (works
                  ? "Nothing was erased. Wait until mvn workr:status says that it is done, and leave"
                      + " cryptsetup alone meanwhile."
                  : "Nothing was erased. Finish it: mvn workr:rekey.")
              + " Then run the goal again.");
      return false;
    }
    if (device.header().isEmpty()) {
      out.error(
          "the header of '" + device.path() + "' could not be read as LUKS2",
          "Nothing was erased. Erase it by hand: cryptsetup luksErase " + device.path() + ".");
      return false;
    }
    List<String> twins = disks.pathsOf(device.uuid());
    if (twins.size() > 1) {
      out.error(
          "the LUKS UUID '"
              + device.uuid()
              + "' is on several devices: "
              + String.join(", ", twins),
          "Detach the disk that is another machine's: nobody can tell which one is meant.");
      return false;
    }
    return true;
  }

  private static void erase(List<LuksDevice> devices, boolean leaving, Findings.Builder out) {
    for (LuksDevice device : devices) {
      LuksHeader header = device.header().orElseThrow();
      if (header.slots().isEmpty() && header.tokens().isEmpty()) {
        continue;
      }
      out.change(
          Stage.DISK,
          Action.DELETE,
          "keys of " + device.path(),
          header.slots().size() + " keyslots, " + header.tokens().size() + " tokens",
          "",
          new Step.DestroyHeaders(device.uuid()),
          Step.shell(LuksShell.script(device.uuid(), ERASE)));
    }
    if (!leaving) {
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
