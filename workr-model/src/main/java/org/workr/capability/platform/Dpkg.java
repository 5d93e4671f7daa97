package org.workr.capability.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.workr.facts.Fact;

/**
 * What the package manager has left undone.
 *
 * @param journal whether dpkg itself was interrupted: it refuses everything until it may finish
 * @param broken packages that are neither installed nor absent, such as {@code docker.io
 *     half-configured}
 */
public record Dpkg(boolean journal, List<String> broken) {

  /** The fact: one process however many packages there are. */
  public static final Fact<Dpkg> FACT =
      Fact.of(
          "platform.dpkg",
          """
          for f in /var/lib/dpkg/updates/[0-9]*; do
            if [ -e "$f" ]; then echo journal; break; fi
          done
          awk '$1 == "Package:" { p = $2 }
            $1 == "Status:" && ($3 != "ok" || $4 !~ /^(installed|not-installed|config-files)$/) {
              print "broken", p, ($3 == "ok" ? $4 : $3) }' /var/lib/dpkg/status""",
          Dpkg::parse);

  /** The program that holds a lock of dpkg or apt, as {@code PID NAME}; empty when none does. */
  public static final Fact<String> LOCK;

  private static final String LOCK_HOLDER =
      """
      workr_lock_holder() {
        locks='/var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock'
        inodes=" $(stat -c %i $locks 2>/dev/null | tr '\\n' ' ') "
        while read -r n kind x y pid device rest; do
          [ "$kind" = POSIX ] || continue
          case $inodes in *" ${device##*:} "*) ;; *) continue ;; esac
          # An inode's number says little without its file system.
          ls -l "/proc/$pid/fd" 2>/dev/null | grep -qE '/var/lib/(dpkg|apt/lists)/lock' || continue
          IFS= read -r name <"/proc/$pid/comm" || continue
          echo "$pid $name"
          return 0
        done </proc/locks
      }
      """;

  static {
    LOCK =
        Fact.text(
            "platform.package-lock",
            LOCK_HOLDER + "[ -r /proc/locks ] || exit 1\nworkr_lock_holder");
  }

  /**
   * Shell that waits until no other program holds a lock of dpkg or apt, and when that takes too
   * long says who does and fails. For programs that cannot wait by themselves.
   */
  public static String waitForLock(Duration limit) {
    return LOCK_HOLDER
        + """
        n=0
        while holder=$(workr_lock_holder) && [ -n "$holder" ]; do
          n=$((n + 1))
          if [ "$n" -gt %d ]; then
            echo "gave up after %d s: the package manager is locked by process $holder" >&2
            exit 1
          fi
          sleep 2
        done
        """
            .formatted(limit.toSeconds() / 2, limit.toSeconds());
  }

  /** Copies the list. */
  public Dpkg {
    broken = List.copyOf(broken);
  }

  /** Whether something has to be finished before anything else can be installed. */
  public boolean interrupted() {
    return journal || !broken.isEmpty();
  }

  /** What is undone, one per line. */
  public String title() {
    List<String> lines = new ArrayList<>(broken);
    if (journal) {
      lines.add(0, "dpkg was interrupted");
    }
    return String.join("\n", lines);
  }

  static Dpkg parse(String text) {
    boolean journal = false;
    List<String> broken = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.equals("journal")) {
        journal = true;
      } else if (line.startsWith("broken ")) {
        broken.add(line.substring("broken ".length()));
      } else {
        throw new IllegalArgumentException("'" + line + "'");
      }
    }
    return new Dpkg(journal, broken);
  }
}
