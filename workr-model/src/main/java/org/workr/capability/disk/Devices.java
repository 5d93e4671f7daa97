package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.platform.Disks;

/**
 * The devices whose keys workr manages: those that the root file system stands on, and open ones
 * for which crypttab(5) asks for a passphrase. The root's come first.
 */
final class Devices {
  private Devices() {}

  static List<LuksDevice> managed(DiskState state, Disks disks, Findings.Builder out) {
    Set<String> root =
        disks.luksUnderRoot().stream().map(Disks.Node::path).collect(Collectors.toSet());
    List<LuksDevice> managed = new ArrayList<>();
    for (LuksDevice device : state.devices()) {
      if (root.contains(device.path()) && device.header().isPresent()) {
        managed.add(device);
      }
    }
    for (LuksDevice device : state.devices()) {
      Optional<Crypttab> line = state.crypttab(device);
      if (root.contains(device.path()) || line.isEmpty() || device.header().isEmpty()) {
        continue; // What is in use and cannot be read as LUKS2 is refused by Obstacles.
      }
      if (line.get().option("keyscript").isPresent() && !line.get().asks()) {
        continue; // Refused by Obstacles.
      }
      if (state.mapping(device).isEmpty()) {
        boolean begun = device.header().get().reencrypting();
        out.warning(
            "the keys of '" + device.path() + "' stay as they are: it is not open",
            (begun
                    ? "A re-encryption of it was interrupted. After mvn workr:provision, open"
                    : "Open")
                + " it (systemctl start systemd-cryptsetup@"
                + line.get().target()
                + ") and run the goal again.");
      } else if (!line.get().asks()) {
        out.warning(
            "the keys of '"
                + device.path()
                + "' stay as they are: its key is the file '"
                + line.get().key()
                + "'",
            "That lies on another encrypted disk, whose keys are managed.");
      } else {
        managed.add(device);
        if (line.get().option("initramfs", "_netdev", "noauto", "nofail").isEmpty()) {
          out.warning(
              "'"
                  + device.path()
                  + "' is opened late, when nothing may ask Clevis for its passphrase",
              "The machine may wait at its console for it. Add the option initramfs to its line in"
                  + " /etc/crypttab and run update-initramfs -u; or nofail, where it can be missing.");
        }
      }
    }
    return managed;
  }
}
