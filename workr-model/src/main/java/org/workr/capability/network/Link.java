package org.workr.capability.network;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The interface that is to have the address.
 *
 * @param name for example {@code ens3}; empty when it cannot be told which one it is
 * @param mac its hardware address in lower case
 * @param type what the kernel calls it, such as {@code vlan}, {@code bond}, {@code bridge}, {@code
 *     wlan}; empty for a plain network card
 * @param master the bridge or bond that it is a part of
 * @param uppers interfaces that stand on top of it, such as VLANs
 * @param predicted the name that udev gives it when nothing else names it, as in the initramfs
 * @param namedByNetplan whether it has its name from netplan's {@code set-name}
 */
record Link(
    Optional<String> name,
    String mac,
    Optional<String> type,
    Optional<String> master,
    List<String> uppers,
    Optional<String> predicted,
    boolean namedByNetplan) {

  // As in a pom. The kernel allows more, which means something else in one file or another.
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Copies the list. */
  Link {
    uppers = List.copyOf(uppers);
  }

  /** What speaks against giving it an address, as the end of a sentence. */
  Optional<String> refusal() {
    if (master.isPresent()) {
      return Optional.of("is a part of " + master.get());
    }
    if (name.filter(n -> !PLAIN_NAME.matcher(n).matches()).isPresent()) {
      return Optional.of("has a name that means something else in configuration files");
    }
    return type.map(kind -> "is of the kind '" + kind + "'");
  }

  /** Whether without netplan's {@code set-name} it would have another name after the next boot. */
  boolean needsNetplanToNameIt() {
    return namedByNetplan && predicted.isPresent() && !predicted.equals(name);
  }

  /** Its name while the initramfs runs, which knows nothing of netplan. */
  String nameInInitramfs() {
    return needsNetplanToNameIt() ? predicted.orElseThrow() : name.orElseThrow();
  }

  /** From the lines {@code key value} that the probe prints; a missing value is {@code -}. */
  static Link parse(String text) {
    KeyedLines lines = KeyedLines.parse(text);
    // The order of systemd's 99-default.link: onboard, slot, path.
    Optional<String> predicted =
        List.of("onboard", "slot", "path").stream()
            .map(lines::first)
            .flatMap(Optional::stream)
            .findFirst();
    return new Link(
        lines.first("interface"),
        lines.first("mac").orElse(""),
        lines.first("type"),
        lines.first("master"),
        lines.all("upper"),
        predicted,
        lines.first("link-file").filter(file -> file.contains("-netplan-")).isPresent());
  }
}
