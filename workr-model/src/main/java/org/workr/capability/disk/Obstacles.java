package org.workr.capability.disk;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.capability.platform.Disks;

/** What forbids to touch a device's keys. Each is found before the first change. */
final class Obstacles {
  /** cryptsetup 2.4.0 has tokens and metadata that can be read; 2.4.3 closes CVE-2021-4122. */
  private static final String OLDEST = "2.4.3";

  private static final String BUG_FROM = "2.7.0";
  private static final String BUG_UNTIL = "2.7.5";

  private final DiskState state;
  private final Disks disks;
  private final Findings.Builder findings;

  Obstacles(DiskState state, Disks disks, Findings.Builder findings) {
    this.state = state;
    this.disks = disks;
    this.findings = findings;
  }

  /** Whether {@code device} may be touched; when not, says why. */
  boolean none(LuksDevice device, LuksHeader header) {
    return Stream.of(
            version(),
            only(device),
            layout(device, header),
            crypttab(device),
            stuck(device),
            known(header, device))
        .allMatch(fine -> fine);
  }

  /**
   * Whether nothing is in use besides {@code managed} and what the root stands on that cannot be
   * looked into: the passphrase that is replaced may open it too, and is forgotten.
   */
  boolean noneBeside(List<LuksDevice> managed) {
    boolean none = true;
    // What is half re-encrypted is finished first, whatever else there is.
    boolean begun = managed.stream().anyMatch(d -> d.header().orElseThrow().reencrypting());
    if (state.grubDecrypts() && !begun) {
      none = false;
      findings.error(
          "GRUB opens the encrypted disk to read /boot (GRUB_ENABLE_CRYPTODISK)",
          "Most versions of it do not know Argon2, nor a disk that is being re-encrypted, so the machine would not start. Move /boot to a"
              + " partition of its own that is not encrypted, take GRUB_ENABLE_CRYPTODISK out of /etc/default/grub, run"
              + " update-grub and grub-install, and restart the machine to see that it starts.");
    }
    for (LuksDevice device : state.devices()) {
      boolean used = state.mapping(device).isPresent() || state.crypttab(device).isPresent();
      boolean root = disks.luksUnderRoot().stream().anyMatch(n -> n.path().equals(device.path()));
      if (used && !root && device.header().isEmpty()) {
        none = false;
        unreadable(device);
      }
    }
    for (Crypttab line : state.crypttab()) {
      if (managed.stream().anyMatch(d -> state.crypttab(d).equals(Optional.of(line)))) {
        continue;
      }
      Optional<String> script = line.option("keyscript");
      if (script.isPresent() && !begun) {
        none = false;
        findings.error(
            "/etc/crypttab says '"
                + script.get()
                + "' of '"
                + line.target()
                + "': a script gives its key",
            "It may make that key of the one that is replaced here (decrypt_derived does). Give the device a"
                + " passphrase or a key file, remove the option, run update-initramfs -u, and run the goal again.");
      }
      Optional<String> header = line.option("header");
      // Also with noauto: whoever opens it by hand types the passphrase.
      if (header.isPresent() && line.asks()) {
        none = false;
        findings.error(
            "/etc/crypttab says '"
                + header.get()
                + "' of '"
                + line.target()
                + "': which passphrase opens a header apart cannot be seen",
            "The one that is replaced here is forgotten, and may open it. Give it one of its own"
                + " that you keep (cryptsetup luksAddKey, with --header), remove the line from"
                + " /etc/crypttab, run update-initramfs -u, and run the goal again.");
      }
    }
    return none;
  }

  private void unreadable(LuksDevice device) {
    String path = device.path();
    boolean old =
        node(device).filter(node -> node.contentVersion().equals("1")).isPresent()
            || state.mapping(device).filter(m -> m.uuid().startsWith("CRYPT-LUKS1-")).isPresent();
    findings.error(
        old
            ? "'" + path + "' is LUKS version '1', and in use"
            : "the LUKS header of '" + path + "', which is in use, could not be read",
        "The passphrase that is replaced here is forgotten, and may open it. "
            + (old
                ? "Close it, convert its header (cryptsetup convert --type luks2 " + path + ")"
                : "Look at it (cryptsetup luksDump " + path + ") and mend it")
            + ", or close it and remove its line from /etc/crypttab; then run the goal again.");
  }

  private boolean version() {
    if (Versions.before(state.cryptsetup(), OLDEST)) {
      findings.error(
          "its cryptsetup is version " + state.cryptsetup(),
          "Keys are managed with " + OLDEST + " and later: upgrade the system first.");
      return false;
    }
    return true;
  }

  /** Whether it is the only one with its UUID; when not, says so. */
  boolean only(LuksDevice device) {
    List<String> twins = disks.pathsOf(device.uuid());
    if (twins.size() > 1) {
      findings.error(
          "the LUKS UUID '"
              + device.uuid()
              + "' is on several devices: "
              + String.join(", ", twins),
          "Detach the disk that is another machine's: nobody can tell which one is meant.");
    }
    return twins.size() <= 1;
  }

  private boolean layout(LuksDevice device, LuksHeader header) {
    String where = "'" + device.path() + "'";
    if (header.integrity()) {
      findings.error(
          where + " has authenticated encryption (integrity), whose volume key cannot be replaced",
          "Reinstall the machine without it, or manage its keys by hand: remove <disk>.");
      return false;
    }
    if (header.segments().stream().anyMatch(type -> type.startsWith("hw-opal"))) {
      findings.error(
          where + " is encrypted by the drive itself (OPAL), whose volume key cannot be replaced",
          "Reinstall the machine with software encryption, or remove <disk>.");
      return false;
    }
    Optional<Disks.Node> mapped = node(device).filter(node -> node.name().startsWith("dm-"));
    if (!Versions.before(state.cryptsetup(), BUG_FROM)
        && Versions.before(state.cryptsetup(), BUG_UNTIL)
        && mapped.isPresent()) {
      findings.error(
          where
              + " lies on a mapping ("
              + mapped.get().name()
              + ", of the type '"
              + mapped.get().type()
              + "'), where cryptsetup "
              + state.cryptsetup()
              + " can damage data while it replaces the volume key",
          "Upgrade cryptsetup to " + BUG_UNTIL + " or later, whose release notes name the bug.");
      return false;
    }
    return true;
  }

  private Optional<Disks.Node> node(LuksDevice device) {
    return disks.nodes().stream().filter(node -> node.path().equals(device.path())).findFirst();
  }

  private boolean crypttab(LuksDevice device) {
    Optional<Crypttab> line = state.crypttab(device);
    if (line.isEmpty()) {
      return true;
    }
    Optional<String> option = line.get().option("keyslot", "key-slot", "header", "keyscript");
    if (option.isPresent()) {
      String why =
          switch (option.get().split("=", 2)[0]) {
            case "header" -> "its header is on another device";
            case "keyscript" -> "a script gives its key";
            default -> "its keyslot has a fixed number, which changes with every new volume key";
          };
      findings.error(
          "/etc/crypttab says '" + option.get() + "' of '" + device.path() + "': " + why,
          "Remove the option, run update-initramfs -u, restart the machine to see that it starts, and"
              + " run the goal again.");
      return false;
    }
    return true;
  }

  private boolean stuck(LuksDevice device) {
    if (device.working()) {
      return true; // What is being rewritten at the moment is suspended all the time.
    }
    List<String> stuck = state.stuck(device).stream().map(DiskState.Mapping::name).toList();
    if (stuck.isEmpty()) {
      return true;
    }
    findings.error(
        "a re-encryption of '"
            + device.path()
            + "' was killed, and "
            + String.join(", ", stuck)
            + " lets nothing through",
        "Switch the machine off and on: it repairs that when it starts. Then run the goal again.");
    return false;
  }

  private boolean known(LuksHeader header, LuksDevice device) {
    Set<String> strange = new TreeSet<>();
    header.requirements().stream()
        .filter(name -> !name.contains("reencrypt"))
        .forEach(strange::add);
    if (!strange.isEmpty()) {
      findings.error(
          "'"
              + device.path()
              + "' requires "
              + String.join(", ", strange)
              + ", which workr does not know",
          "Look at it: cryptsetup luksDump " + device.path() + ".");
      return false;
    }
    return true;
  }
}
