package org.workr.engine;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.connection.ConnectionException;
import org.workr.connection.KnownHosts;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Status;
import org.workr.value.Host;

/** Makes hosts that were looked at as they are to be, each for itself. */
final class Converger {
  private final Surveyor surveyor;
  private final Applier applier;
  private final KnownHosts knownHosts;
  private final Progress progress;

  Converger(Surveyor surveyor, Applier applier, KnownHosts knownHosts, Progress progress) {
    this.surveyor = surveyor;
    this.applier = applier;
    this.knownHosts = knownHosts;
    this.progress = progress;
  }

  /** What looking at a host alone comes to. */
  HostOutcome surveyed(Surveyor.Found found) {
    return unplanned(found).orElseGet(() -> surveyed(found, found.plan().orElseThrow()));
  }

  private static HostOutcome surveyed(Surveyor.Found found, HostPlan plan) {
    return plan.blocked()
        ? outcome(found, plan, Status.FAILED, List.of(), "see its problems")
        : outcome(found, plan, Status.OK, List.of(), "");
  }

  /** What looking at a host alone comes to when what is wrong with it forbids nothing. */
  HostOutcome stood(Surveyor.Found found) {
    return unplanned(found)
        .orElseGet(() -> outcome(found, found.plan().orElseThrow(), Status.OK, List.of(), ""));
  }

  /** The outcome of a host that nothing can be planned for. */
  private static Optional<HostOutcome> unplanned(Surveyor.Found found) {
    if (found.plan().isPresent()) {
      return Optional.empty();
    }
    Status status = found.trouble().map(Converger::status).orElse(Status.SKIPPED);
    String message =
        found.trouble().map(trouble -> trouble.reason()).orElse("left out by workr.limit");
    return Optional.of(
        new HostOutcome(
            found.host().hostname(), status, List.of(), List.of(), found.took(), message));
  }

  private static Status status(HostException trouble) {
    return trouble
        .kind()
        .filter(kind -> kind != ConnectionException.Kind.REFUSED)
        .map(kind -> Status.UNREACHABLE)
        .orElse(Status.FAILED);
  }

  /** Makes a host as planned; says how that went, and never fails. */
  HostOutcome converge(Surveyor.Found found) {
    try {
      return unplanned(found).orElseGet(() -> converge(found, found.plan().orElseThrow()));
    } catch (RuntimeException e) {
      String why = HostException.unexpected(e).reason();
      tell(found.host(), Event.Kind.STOPPED, why);
      return outcome(found, found.plan().orElseThrow(), Status.FAILED, List.of(), why);
    }
  }

  /** Leaves a host as it is whose plan has changes. */
  HostOutcome leave(Surveyor.Found found, String why) {
    tell(found.host(), Event.Kind.LEFT, why);
    HostPlan plan = found.plan().orElseThrow();
    return outcome(found, plan, Status.SKIPPED, untouched(plan, "the host was not begun"), why);
  }

  private HostOutcome converge(Surveyor.Found found, HostPlan plan) {
    Host host = found.host();
    if (plan.blocked()) {
      List<ChangeOutcome> untouched = untouched(plan, "the host has problems");
      return outcome(found, plan, Status.FAILED, untouched, "not touched: see its problems");
    }
    if (plan.changes().isEmpty()) {
      return nothingToDo(found, plan);
    }
    Remote remote;
    try {
      Surveyor.Found now = surveyor.again(found);
      remote = now.remote().orElseThrow();
      HostPlan fresh = now.plan().orElseThrow();
      if (differs(fresh, plan) && resumes(plan) && !fresh.blocked()) {
        // What an earlier run has begun goes on by itself, and may have ended meanwhile.
        return apply(found, fresh, remote, List.of());
      }
      if (differs(fresh, plan)) {
        remote.close();
        throw new HostException(
            "the host changed while the plan was made, so nothing was done. Run the goal again.");
      }
    } catch (HostException e) {
      tell(host, Event.Kind.STOPPED, e.reason());
      return outcome(found, plan, status(e), untouched(plan, "the host changed"), e.reason());
    }
    return apply(found, plan, remote, List.of());
  }

  /**
   * Does what is planned.
   *
   * @param before what has been done already
   */
  private HostOutcome apply(
      Surveyor.Found found, HostPlan plan, Remote remote, List<ChangeOutcome> before) {
    Applier.Applied applied = applier.apply(remote, plan);
    List<ChangeOutcome> outcomes =
        Stream.concat(before.stream(), applied.outcomes().stream()).toList();
    try (Remote last = applied.remote()) {
      if (!applied.failure().isEmpty()) {
        String why = applied.failure();
        tell(found.host(), Event.Kind.STOPPED, why);
        return outcome(found, plan, Status.FAILED, outcomes, why);
      }
      return applied.goesOn().isPresent()
          ? goesOn(found, plan, outcomes, applied.goesOn().get())
          : proven(found, plan, last, outcomes);
    }
  }

  private static boolean resumes(HostPlan plan) {
    return plan.changes().stream().anyMatch(change -> change.action() == Action.RESUME);
  }

  private HostOutcome nothingToDo(Surveyor.Found found, HostPlan plan) {
    try {
      settled(found.remote().orElseThrow());
      return outcome(found, plan, Status.OK, List.of(), "");
    } catch (HostException e) {
      return outcome(found, plan, Status.FAILED, List.of(), e.reason());
    }
  }

  /** In what would be done; what is only remarked may have changed, as clocks and locks do. */
  private static boolean differs(HostPlan one, HostPlan other) {
    return one.blocked() != other.blocked() || !one.changes().equals(other.changes());
  }

  /** It is not planned for again: it cannot be as declared yet. */
  private HostOutcome goesOn(
      Surveyor.Found found, HostPlan plan, List<ChangeOutcome> outcomes, String what) {
    String message = what + "; run the goal again to finish";
    tell(found.host(), Event.Kind.LEFT, message);
    return new HostOutcome(
        found.host().hostname(),
        Status.CHANGED,
        outcomes,
        plan.problems(),
        found.took(),
        message,
        true);
  }

  /**
   * The law: after apply, plan again, and the plan is empty. What follows on the end of interrupted
   * work shows only when that is finished, so it is done then.
   */
  private HostOutcome proven(
      Surveyor.Found found, HostPlan plan, Remote remote, List<ChangeOutcome> outcomes) {
    try {
      HostPlan rest = surveyor.plan(remote);
      if (!rest.changes().isEmpty() && !rest.blocked() && resumes(plan) && !resumes(rest)) {
        return apply(found, rest, remote, outcomes);
      }
      if (rest.changes().isEmpty() && !rest.blocked()) {
        settled(remote);
        tell(found.host(), Event.Kind.DONE, "done in " + Durations.text(found.took()));
        return outcome(found, rest, Status.CHANGED, outcomes, "");
      }
      List<String> left = new ArrayList<>();
      rest.changes().forEach(change -> left.add(change.id()));
      rest.problems().forEach(problem -> left.add(problem.summary()));
      String why =
          "everything was done, and yet it is not as declared: "
              + String.join(", ", left)
              + ". Run mvn workr:plan to see what is left.";
      tell(found.host(), Event.Kind.STOPPED, why);
      return outcome(found, rest, Status.FAILED, outcomes, why);
    } catch (HostException e) {
      String why = "everything was done, but not proven: " + e.reason();
      tell(found.host(), Event.Kind.STOPPED, why);
      return outcome(found, plan, Status.FAILED, outcomes, why);
    }
  }

  /** Only now it stays where it is: as long as its network goes back by itself it may. */
  private void settled(Remote remote) throws HostException {
    if (remote.address().equals(remote.host().address().ip().toString())) {
      try {
        knownHosts.readdress(remote.host());
      } catch (UncheckedIOException e) {
        throw HostException.unexpected(e);
      }
    }
  }

  private static List<ChangeOutcome> untouched(HostPlan plan, String why) {
    return plan.changes().stream().map(change -> skipped(change, why)).toList();
  }

  private static ChangeOutcome skipped(Change change, String why) {
    return new ChangeOutcome(change.id(), Status.SKIPPED, Duration.ZERO, why);
  }

  private static HostOutcome outcome(
      Surveyor.Found found,
      HostPlan plan,
      Status status,
      List<ChangeOutcome> changes,
      String message) {
    return new HostOutcome(
        found.host().hostname(), status, changes, plan.problems(), found.took(), message);
  }

  private void tell(Host host, Event.Kind kind, String text) {
    progress.happened(new Event(host.hostname(), kind, "", text));
  }
}
