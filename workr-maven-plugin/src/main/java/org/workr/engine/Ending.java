package org.workr.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Status;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.SecretNeed;

/** The end of hosts on the controller: what it has that could open their disks is destroyed. */
final class Ending {
  private static final String ABANDONED =
      """
      its disks are NOT erased: it does not answer
      What could open them was destroyed on the controller: header copies, and passphrases in the \
      keystore; not those that you gave elsewhere. The machine still starts by itself, and its disks \
      open, wherever it reaches the Tang servers that they are bound to.""";

  private final ClusterSpec spec;
  private final Vault vault;
  private final HeaderStore headers;

  Ending(ClusterSpec spec, Vault vault, HeaderStore headers) {
    this.spec = spec;
    this.vault = vault;
    this.headers = headers;
  }

  /** What a host comes to whose disks were to be erased, as {@code outcome} says. */
  HostOutcome afterErasing(Host host, HostOutcome outcome) {
    if (outcome.status() != Status.OK && outcome.status() != Status.CHANGED) {
      return outcome;
    }
    return destroyed(host)
        .map(why -> failed(outcome, "its disks are erased, but on the controller: " + why))
        .orElse(outcome);
  }

  /** What a host comes to that was looked for, when it is given up. */
  HostOutcome abandon(Surveyor.Found found, HostOutcome outcome) {
    if (found.plan().isPresent()) {
      return failed(
          outcome,
          "it answers, so nothing was destroyed. Erase its disks too: -Dworkr.confirm=\"erase "
              + found.host().hostname()
              + "\".");
    }
    if (!found.trouble().map(HostException::isSilence).orElse(false)) {
      return outcome.status() == Status.SKIPPED
          ? outcome
          : failed(
              outcome,
              "something may answer at its addresses, so nothing was destroyed: "
                  + outcome.message());
    }
    Optional<String> why = destroyed(found.host());
    if (why.isPresent()) {
      return failed(outcome, why.get());
    }
    return new HostOutcome(
        outcome.host(),
        Status.CHANGED,
        List.of(new ChangeOutcome("controller.keys", Status.CHANGED, Duration.ZERO, "")),
        List.of(),
        outcome.took(),
        ABANDONED);
  }

  /** Destroys it; says why not. */
  private Optional<String> destroyed(Host host) {
    try {
      headers.destroyAll(host.hostname());
      spec.secretNeeds().stream()
          .filter(need -> need.installed() && need.host().equals(Optional.of(host.hostname())))
          .map(SecretNeed::name)
          .flatMap(name -> Stream.of(name.pending(), name.current(), name))
          .forEach(vault::forget);
      return Optional.empty();
    } catch (IllegalStateException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static HostOutcome failed(HostOutcome outcome, String why) {
    return new HostOutcome(
        outcome.host(), Status.FAILED, outcome.changes(), outcome.problems(), outcome.took(), why);
  }
}
