package org.workr.capability.packages;

import java.time.Duration;
import org.workr.capability.platform.Dpkg;
import org.workr.plan.Step;

/** The steps in which apt is called in another way than to install something. */
final class Apt {
  /** Touched after every successful refresh, so that its age can be told. */
  static final String STAMP = "/var/lib/workr/apt-updated";

  private static final int SECONDS_BETWEEN_TRIES = 5;

  private Apt() {}

  /**
   * Refreshes the package lists. Unlike for the lock of dpkg, apt does not wait for the lock of the
   * lists by itself. What cannot be fetched is tried three times; when some server still does not
   * answer, the lists of the others are used, and a missing package is noticed when it is
   * installed.
   */
  static Step update(Duration lockTimeout) {
    return Step.shell(
        """
        export LC_ALL=C DEBIAN_FRONTEND=noninteractive
        n=0
        while :; do
          n=$((n + 1))
          status=0
          out=$(apt-get -q update 2>&1) || status=$?
          case $out in
            *'Could not get lock'* | *'Unable to lock'*) limit=%d ;;
            *) limit=3 ;;
          esac
          case $status:$out in
            *'Failed to fetch'*) ;;
            0:*) break ;;
          esac
          [ "$n" -lt "$limit" ] || break
          sleep %d
        done
        printf '%%s\\n' "$out"
        [ "$status" -eq 0 ]
        mkdir -p /var/lib/workr
        touch %s
        """
            .formatted(
                Math.max(3, lockTimeout.toSeconds() / SECONDS_BETWEEN_TRIES),
                SECONDS_BETWEEN_TRIES,
                STAMP));
  }

  /** Finishes what an interrupted dpkg or apt left, with the configuration files that are there. */
  static Step resume(Duration lockTimeout) {
    return Step.shell(
        "export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a\n"
            + Dpkg.waitForLock(lockTimeout)
            + "dpkg --force-confdef --force-confold --configure -a || :\n"
            + get(lockTimeout)
            + " --no-remove -f install\n"
            + "dpkg --force-confdef --force-confold --configure -a\n");
  }

  /** Brings all installed packages up to date, new dependencies included, removing none. */
  static Step upgradeAll(Duration lockTimeout) {
    return Step.shell(
        "export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a\n"
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
        "export LC_ALL=C DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a\n"
            + "names=$("
            + Upgrades.SIMULATE
            + " | "
            + Upgrades.ONLY_SECURITY
            + " | awk '{print $2}')\n"
            + "[ -n \"$names\" ] || exit 0\n"
            + "auto=$(apt-mark showauto $names)\n"
            + get(lockTimeout)
            + " --no-remove --only-upgrade install $names\n"
            + "[ -z \"$auto\" ] || apt-mark auto $auto\n");
  }

  private static String get(Duration lockTimeout) {
    return "apt-get -q -y -o DPkg::Lock::Timeout="
        + lockTimeout.toSeconds()
        + " -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold";
  }
}
