package org.workr.capability.restart;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.disk.Disk;
import org.workr.capability.platform.Disks;
import org.workr.capability.platform.Dpkg;
import org.workr.capability.platform.OperatingSystem;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;

/**
 * One restart for all changes that need one, and for those that an earlier run left waiting. What
 * the distribution alone waits for, as after a nightly update of the kernel, is only said: nobody's
 * work is ended for what the pom does not ask for.
 */
public final class Restart implements Capability<RestartSpec> {

  /** Changes that wait for a restart. In memory, like the other, and gone after a boot. */
  static final Fact<List<String>> PENDING =
      Fact.of(
          "restart.pending",
          "if [ -s NOTE ]; then cat NOTE; elif PENDING; then echo 'updated packages'; fi"
              .replace("NOTE", NeedsRestart.NOTE)
              .replace("PENDING", NeedsRestart.IS_PENDING),
          Restart::lines);

  /** Packages for which Debian's and Ubuntu's own tools want a restart. */
  static final Fact<List<String>> DISTRIBUTION =
      Fact.of(
          "restart.distribution",
          """
          [ ! -e /run/reboot-required.pkgs ] || cat /run/reboot-required.pkgs || exit 1
          if [ -e /run/reboot-required ] && [ ! -s /run/reboot-required.pkgs ]; then
            echo 'the distribution'
          fi""",
          Restart::lines);

  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

  private static List<String> lines(String text) {
    return text.lines().filter(line -> !line.isBlank()).distinct().toList();
  }

  /** A planner; it has no state. */
  public Restart() {}

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public Set<Fact<?>> facts(RestartSpec spec, Host host) {
    return Set.of(PENDING, DISTRIBUTION, OperatingSystem.FACT, Disks.FACT);
  }

  @Override
  public Findings plan(RestartSpec spec, Situation situation) {
    Findings.Builder findings = situation.findings(name());
    Optional<List<String>> pending = situation.require(PENDING, findings);
    Optional<List<String>> distribution = situation.require(DISTRIBUTION, findings);
    Optional<OperatingSystem> os = situation.require(OperatingSystem.FACT, findings);
    if (pending.isEmpty() || distribution.isEmpty() || os.isEmpty()) {
      return findings.build();
    }
    List<String> reasons =
        Stream.concat(
                situation.earlier().stream()
                    .filter(
                        c -> c.restart() == NeedsRestart.YES || c.restart() == NeedsRestart.AFTER)
                    .map(Change::id),
                pending.get().stream())
            .distinct()
            .toList();
    List<String> perhaps =
        situation.earlier().stream()
            .filter(c -> c.restart() == NeedsRestart.PERHAPS)
            .map(Change::id)
            .toList();
    if (reasons.isEmpty() && perhaps.isEmpty()) {
      if (!distribution.get().isEmpty()) {
        findings.warning(
            "it waits for a restart since these were updated: "
                + String.join(", ", distribution.get()),
            "workr restarts it only for changes of its own: restart it when it suits.");
      }
      return findings.build();
    }
    if (!spec.allowed() || !os.get().systemd()) {
      findings.warning(
          reasons.isEmpty()
              ? "a restart may be needed for " + String.join(", ", perhaps)
              : "a restart is needed for " + String.join(", ", reasons),
          spec.allowed()
              ? "systemd is not there to do it: restart the machine in another way."
              : "Restart it when it suits, or allow workr to do so: <restart><allowed>true</allowed>.");
      return findings.build();
    }
    warnOfPassphrase(spec, situation, findings);
    if (reasons.isEmpty()) {
      findings.change(
          Stage.RESTART,
          Action.UPDATE,
          "restart",
          "perhaps needed for:\n" + String.join("\n", perhaps),
          "restarted where it is",
          Step.shell(
              NeedsRestart.IS_PENDING
                  + " || { "
                  + NeedsRestart.FORGET
                  + "; exit 0; }\n"
                  + Dpkg.waitForLock(LOCK_TIMEOUT)),
          new Step.Reboot(spec.timeout(), Optional.of(NeedsRestart.IS_PENDING)));
      return findings.build();
    }
    findings.change(
        Stage.RESTART,
        Action.UPDATE,
        "restart",
        "needed for:\n" + String.join("\n", reasons),
        "restarted",
        // A machine must not go down while packages are being installed.
        Step.shell(Dpkg.waitForLock(LOCK_TIMEOUT)),
        new Step.Reboot(spec.timeout()));
    return findings.build();
  }

  /** Where the disks are unknown, the platform says so. */
  private static void warnOfPassphrase(
      RestartSpec spec, Situation situation, Findings.Builder findings) {
    List<Disks.Node> luks = situation.get(Disks.FACT).map(Disks::luksUnderRoot).orElse(List.of());
    boolean bound =
        Disk.unlocksItself(situation)
            || situation.earlier().stream().anyMatch(change -> change.id().equals("disk.binding"));
    if (!luks.isEmpty() && !bound) {
      findings.warning(
          "it is restarted, and then waits at its console for the passphrase of "
              + luks.stream()
                  .map(node -> "'" + node.path() + "'")
                  .collect(Collectors.joining(" and "))
              + ", unless it unlocks that by itself",
          "Declare what unlocks it under <disk><unlock>. Or have somebody type the passphrase within "
              + spec.timeout().toMinutes()
              + " minutes (<restart><timeout>), or declare <restart><allowed>false</allowed></restart>"
              + " and restart the machine when somebody is there.");
    }
  }
}
