package org.workr.capability.packages;

import java.time.Duration;
import org.workr.capability.platform.Dpkg;
import org.workr.plan.Step;

/** The steps in which apt is called in another way than to install something. */
final class Apt {
  /** Touched after every refresh that was complete, so that its age can be told. */
  static final String STAMP = "/var/lib/workr/apt-updated";

  private static final int SECONDS_BETWEEN_TRIES = 5;

  private Apt() {}

  /** Ends the step when something could not be fetched; its last line is what is reported. */
  private static final String DEMAND_ALL =
      """
      if [ -n "$failed" ]; then
        echo "nothing was upgraded, because these package lists could not be fetched: $failed. Let the\
       host reach them, or correct its entries in /etc/apt, and run the goal again." >&2
        exit 1
      fi
      """;

  /**
   * Refreshes the package lists. Unlike for the lock of dpkg, apt does not wait for the lock of the
   * lists by itself. What cannot be fetched is tried three times; when some server still does not
   * answer, the lists of the others are used, and a missing package is noticed when it is
   * installed.
   */
  static Step update(Duration lockTimeout) {
    return update(lockTimeout, "");
  }

  /**
   * Refreshes all package lists or fails. A missing update is noticed by nobody, because apt offers
   * what the lists have that it could fetch, and calls that a success.
   */
  static Step updateAll(Duration lockTimeout) {
    return update(lockTimeout, DEMAND_ALL);
  }

  private static Step update(Duration lockTimeout, String demand) {
    return Step.shell(
        """
        export LC_ALL=C DEBIAN_FRONTEND=noninteractive
        n=0
        while :; do
          n=$((n + 1))
          status=0
          out=$(apt-get -q update 2>&1) || status=$?
          failed=$(printf '%%s\\n' "$out" | awk '
            /^[WE]: Failed to fetch / { all = all (all == "" ? "" : ", ") $5 }
            /^Err:/ { sub(/^Err:[0-9]* */, ""); err = err (err == "" ? "" : ", ") $0 }
            END { print (all == "" ? err : all) }')
          case $out in
            *'Could not get lock'* | *'Unable to lock'*) limit=%d ;;
            *) limit=3 ;;
          esac
          [ "$status:$failed" != 0: ] || break
          [ "$n" -lt "$limit" ] || break
          sleep %d
        done
        printf '%%s\\n' "$out"
        %s[ "$status" -eq 0 ]
        [ -z "$failed" ] || exit 0
        mkdir -p /var/lib/workr
        touch %s
        """
            .formatted(
                Math.max(3, lockTimeout.toSeconds() / SECONDS_BETWEEN_TRIES),
                SECONDS_BETWEEN_TRIES,
                demand,
                STAMP));
  }

  /** Finishes what an interrupted dpkg or apt left, with the configuration files that are there. */
  static Step resume(Duration lockTimeout) {
    return Step.shell(
        "export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a\n"
            + Dpkg.waitForLock(lockTimeout)
            + "names=$(dpkg-query -W -f '${Package} ${db:Status-Status} ${db:Status-Eflag}\\n' | awk '\n"
            + "  $2 !~ /^(installed|not-installed|config-files|triggers-.*)$/ || $3 != \"ok\" {\n"
            + "    print $1 }')\n"
            + Upgrades.noteRestart(Packages.RESUME)
            + "dpkg --force-confdef --force-confold --configure -a || :\n"
            + "names=$(apt-get -s -q -f install | awk '/^Inst / {print $2}')\n"
            + Upgrades.noteRestart(Packages.RESUME)
            + get(lockTimeout)
            + " --no-remove -f install\n"
            + "dpkg --force-confdef --force-confold --configure -a\n");
  }

  /** Brings all installed packages up to date, new dependencies included, removing none. */
  static Step upgradeAll(Duration lockTimeout) {
    return Step.shell(
        due(lockTimeout, "awk '/^Inst /'")
            + get(lockTimeout)
            + " --no-remove --with-new-pkgs upgrade\n");
  }

  /**
   * Brings those up to date that have an update in the security archive. Which ones is asked anew,
   * because the lists have just been refreshed. A package that apt may remove when nothing needs it
   * stays marked so.
   */
  static Step upgradeSecurity(Duration lockTimeout) {
    return Step.shell(
        due(lockTimeout, Upgrades.ONLY_SECURITY)
            + "[ -n \"$names\" ] || exit 0\n"
            + "auto=$(apt-mark showauto $names)\n"
            + get(lockTimeout)
            + " --no-remove --only-upgrade install $names\n"
            + "[ -z \"$auto\" ] || apt-mark auto $auto\n");
  }

  /**
   * Shell that sets {@code $names}. What apt says while another one is at work would be about
   * packages that are half there, so that is waited for; and no answer is not the same as nothing.
   */
  private static String due(Duration lockTimeout, String filter) {
    return "export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a\n"
        + Dpkg.waitForLock(lockTimeout)
        + "due=$("
        + Upgrades.SIMULATE
        + ")\nnames=$(printf '%s\\n' \"$due\" | "
        + filter
        + " | awk '{print $2}')\n"
        + Upgrades.noteRestart(Packages.UPGRADE);
  }

  private static String get(Duration lockTimeout) {
    return "apt-get -q -y -o DPkg::Lock::Timeout="
        + lockTimeout.toSeconds()
        + " -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold";
  }
}
