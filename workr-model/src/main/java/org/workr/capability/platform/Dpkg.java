package org.workr.capability.platform;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.workr.facts.Fact;

/**
 * What the package manager has left undone, or is about to do.
 *
 * @param journal whether dpkg itself was interrupted: it refuses everything until it may finish
 * @param broken packages that are neither installed nor absent, such as {@code docker.io
 *     half-configured}
 * @param holder the program that is at work on packages now, as {@code PID NAME}; empty when none
 *     is
 */
public record Dpkg(boolean journal, List<String> broken, String holder) {

  private static final String LOCK_HOLDER =
      """
      workr_lock_holder() {
        locks=${*:-/var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock}
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

  /**
   * In Perl: a subroutine that says who holds a lock on one of some files, empty when nobody does.
   */
  private static final String HOLDER =
      """
      my $holder = sub {
        my %inode = map { my @is = stat $_; @is ? ($is[1] => 1) : () } @_;
        for (split /^/, content("/proc/locks") // "") {
          my (undef, $kind, undef, undef, $pid, $device) = split;
          next unless $kind eq "POSIX" && $inode{(split /:/, $device)[-1]};
          # An inode's number says little without its file system.
          next unless grep { (readlink($_) // "") =~ m{/var/lib/(dpkg|apt/lists)/lock} } glob "/proc/$pid/fd/*";
          my $name = eval { content("/proc/$pid/comm") } // next;
          chomp $name;
          return "$pid $name";
        }
        return "";
      };
      """;

  /**
   * The fact: few processes however many packages there are. It looks at the locks before and after
   * what is undone, because work may begin or end meanwhile. The lock of the lists does not count:
   * refreshing them leaves packages as they are.
   */
  public static final Fact<Dpkg> FACT =
      Fact.perl(
          "platform.dpkg",
          HOLDER
              + """
              my @locks = ("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock");
              my $at_work = $holder->(@locks);
              my @undone;
              push @undone, "journal\\n" if glob "/var/lib/dpkg/updates/[0-9]*";
              open my $status, "<", "/var/lib/dpkg/status" or die "/var/lib/dpkg/status: $!\\n";
              my $package = "";
              while (<$status>) {
                if (/^Package: *(\\S+)/) { $package = $1 }
                elsif (/^Status: *\\S+ +(\\S+) +(\\S+)/ && ($1 ne "ok" || $2 !~ /^(installed|not-installed|config-files)\\z/)) {
                  push @undone, "broken $package " . ($1 eq "ok" ? $2 : $1) . "\\n";
                }
              }
              $at_work = $holder->(@locks) if @undone && $at_work eq "";
              print "busy $at_work\\n" if $at_work ne "";
              print @undone;""",
          Dpkg::parse);

  /** The program that holds a lock of dpkg or apt, as {@code PID NAME}; empty when none does. */
  public static final Fact<String> LOCK;

  static {
    LOCK =
        Fact.perl(
            "platform.package-lock",
            HOLDER
                + """
                -r "/proc/locks" or die "there is no /proc/locks\\n";
                print $holder->("/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/lib/apt/lists/lock");""",
            Function.identity());
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

  /**
   * Whether something has to be finished before anything else can be installed. What somebody is at
   * work on looks just the same, and is finished by whoever that is.
   */
  public boolean interrupted() {
    return !busy() && (journal || !broken.isEmpty());
  }

  /** Whether packages are changing now, so that what is said of them may be past already. */
  public boolean busy() {
    return !holder.isEmpty();
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
    String holder = "";
    for (String line : text.lines().toList()) {
      if (line.equals("journal")) {
        journal = true;
      } else if (line.startsWith("busy ")) {
        holder = line.substring("busy ".length());
      } else if (line.startsWith("broken ")) {
        broken.add(line.substring("broken ".length()));
      } else {
        throw new IllegalArgumentException("'" + line + "'");
      }
    }
    return new Dpkg(journal, broken, holder);
  }
}
