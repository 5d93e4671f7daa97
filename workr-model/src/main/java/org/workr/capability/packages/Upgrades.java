package org.workr.capability.packages;

import java.util.List;
import org.workr.facts.Fact;
import org.workr.plan.NeedsRestart;

/**
 * Updates that the host's own package lists offer.
 *
 * @param listsFresh whether all lists were refreshed within a week
 * @param packages such as {@code openssl 3.0.15-1 -> 3.0.16-1}
 */
record Upgrades(boolean listsFresh, List<String> packages) {
  static final String SIMULATE = "apt-get -s -q --with-new-pkgs upgrade";

  /** Debian's archive is called Debian-Security, Ubuntu's suites end in -security. */
  static final String ONLY_SECURITY = "awk '/^Inst [^ ]+ \\[.*\\(.*-[Ss]ecurity/'";

  /** Packages whose update takes effect with the next boot only. */
  private static final List<String> NEED_RESTART =
      List.of("linux-image-", "libc6 ", "systemd ", "dbus ", "initramfs-tools", "cryptsetup");

  /**
   * Shell that leaves the note when one of {@code $names} takes effect with the next boot only: the
   * plan was made before the lists were refreshed, and not every distribution says so by itself.
   */
  static String noteRestart(String id) {
    return "if printf '%s \\n' $names | grep -qE '^("
        + String.join("|", NEED_RESTART)
        + ")'; then\n  "
        + NeedsRestart.noting(id)
        + "\nfi\n";
  }

  /** Copies the list. */
  Upgrades {
    packages = List.copyOf(packages);
  }

  /** Whether one of them takes effect with the next boot only. */
  boolean needRestart() {
    return packages.stream().anyMatch(p -> NEED_RESTART.stream().anyMatch(p::startsWith));
  }

  /**
   * The fact for a policy that is not {@link Upgrade#NONE}. Stamps of the distribution say nothing
   * of the lists: apt calls its hooks for success as soon as one of them could be fetched.
   */
  static Fact<Upgrades> fact(Upgrade policy) {
    String filter = policy == Upgrade.SECURITY ? ONLY_SECURITY : "awk '/^Inst [^ ]+ \\[/'";
    return Fact.of(
        "packages.upgrades",
        """
        fresh=$(find %s -mtime -7 2>/dev/null) || :
        if [ -n "$fresh" ]; then echo fresh; else echo stale; fi
        all=$(%s) || exit 1
        printf '%%s\\n' "$all" | %s"""
            .formatted(Apt.STAMP, SIMULATE, filter),
        Upgrades::parse);
  }

  private static Upgrades parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !List.of("fresh", "stale").contains(lines.get(0))) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new Upgrades(
        lines.get(0).equals("fresh"), lines.stream().skip(1).map(Upgrades::shown).toList());
  }

  /** {@code Inst openssl [3.0.15-1] (3.0.16-1 Debian-Security:12/stable-security [amd64])}. */
  private static String shown(String line) {
    String[] words = line.split(" ", -1);
    if (words.length < 4 || !words[0].equals("Inst")) {
      throw new IllegalArgumentException("'" + line + "'");
    }
    return words[1] + " " + words[2].replaceAll("[\\[\\]]", "") + " -> " + words[3].substring(1);
  }
}
