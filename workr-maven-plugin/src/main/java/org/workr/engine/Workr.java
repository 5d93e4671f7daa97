package org.workr.engine;

import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.connection.ConnectionException;
import org.workr.connection.Connector;
import org.workr.connection.KnownHosts;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.Plan;
import org.workr.planning.Planner;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** Everything that workr does to a cluster, put together once per run. */
public final class Workr implements AutoCloseable {
  private final ClusterSpec spec;
  private final Clock clock;
  private final Progress progress;
  private final KnownHosts knownHosts;
  private final Surveyor surveyor;
  private final Applier applier;
  private final Forks forks;

  /**
   * @param connector stays the caller's, who closes it
   * @param knownHosts where host keys are pinned
   * @param progress is told what happens, by several threads
   */
  public Workr(
      ClusterSpec spec,
      RunOptions options,
      Connector connector,
      KnownHosts knownHosts,
      Secrets secrets,
      Progress progress,
      Clock clock) {
    this(spec, options, connector, knownHosts, secrets, progress, clock, new Planner());
  }

  Workr(
      ClusterSpec spec,
      RunOptions options,
      Connector connector,
      KnownHosts knownHosts,
      Secrets secrets,
      Progress progress,
      Clock clock,
      Planner planner) {
    this.spec = spec;
    this.clock = clock;
    this.progress = progress;
    this.knownHosts = knownHosts;
    HostFinder finder =
        new HostFinder(
            connector,
            knownHosts,
            secrets,
            spec.ssh().connectTimeout(),
            spec.accounts().setPassword());
    surveyor =
        new Surveyor(
            spec, options, finder, new Prober(secrets, clock, progress), planner, progress);
    applier = new Applier(new StepRunner(finder, knownHosts, secrets, progress), progress);
    forks = new Forks(options.forks());
  }

  /**
   * What is known of the hosts, and what would be done to them.
   *
   * @param plan of the hosts that could be probed
   * @param report of all hosts: those that could not be probed as unreachable or failed
   */
  public record Survey(Plan plan, Report report) {}

  /** Probes the hosts and makes a plan; changes nothing. */
  public Survey survey(String goal) {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      List<HostPlan> plans =
          found.stream().map(Surveyor.Found::plan).flatMap(Optional::stream).toList();
      return new Survey(
          new Plan(spec.name().value(), plans),
          report(goal, started, found.stream().map(this::surveyed).toList()));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  /** Makes the hosts as declared. */
  public Report provision() {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      return report("provision", started, forks.map(found, this::converge));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  @Override
  public void close() {
    forks.close();
  }

  private List<Surveyor.Found> findAll() {
    return forks.map(spec.hosts(), surveyor::find);
  }

  private HostOutcome surveyed(Surveyor.Found found) {
    return unplanned(found).orElseGet(() -> surveyed(found, found.plan().orElseThrow()));
  }

  private static HostOutcome surveyed(Surveyor.Found found, HostPlan plan) {
    return plan.blocked()
        ? outcome(found, plan, Status.FAILED, List.of(), "see its problems")
        : outcome(found, plan, Status.OK, List.of(), "");
  }

  /** The outcome of a host that nothing can be planned for. */
  private Optional<HostOutcome> unplanned(Surveyor.Found found) {
    if (found.plan().isPresent()) {
      return Optional.empty();
    }
    Status status = found.trouble().map(Workr::status).orElse(Status.SKIPPED);
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

  private HostOutcome converge(Surveyor.Found found) {
    try {
      return unplanned(found).orElseGet(() -> converge(found, found.plan().orElseThrow()));
    } catch (RuntimeException e) {
      String why = HostException.unexpected(e).reason();
      tell(found.host(), Event.Kind.STOPPED, why);
      return outcome(found, found.plan().orElseThrow(), Status.FAILED, List.of(), why);
    }
  }

  private HostOutcome converge(Surveyor.Found found, HostPlan plan) {
    Host host = found.host();
    if (plan.blocked()) {
      List<ChangeOutcome> untouched =
          plan.changes().stream().map(change -> skipped(change, "the host has problems")).toList();
      return outcome(found, plan, Status.FAILED, untouched, "not touched: see its problems");
    }
    if (plan.changes().isEmpty()) {
      return nothingToDo(found, plan);
    }
    Remote remote;
    try {
      Surveyor.Found now = surveyor.again(found);
      remote = now.remote().orElseThrow();
      if (differs(now.plan().orElseThrow(), plan)) {
        remote.close();
        throw new HostException(
            "the host changed while the plan was made, so nothing was done. Run the goal again.");
      }
    } catch (HostException e) {
      tell(host, Event.Kind.STOPPED, e.reason());
      List<ChangeOutcome> untouched =
          plan.changes().stream().map(change -> skipped(change, "the host changed")).toList();
      return outcome(found, plan, status(e), untouched, e.reason());
    }
    Applier.Applied applied = applier.apply(remote, plan);
    try (Remote last = applied.remote()) {
      if (!applied.failure().isEmpty()) {
        String why = applied.failure();
        tell(host, Event.Kind.STOPPED, why);
        return outcome(found, plan, Status.FAILED, applied.outcomes(), why);
      }
      return proven(found, plan, last, applied.outcomes());
    }
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

  /** The law: after apply, plan again, and the plan is empty. */
  private HostOutcome proven(
      Surveyor.Found found, HostPlan plan, Remote remote, List<ChangeOutcome> outcomes) {
    try {
      HostPlan rest = surveyor.plan(remote);
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

  private Report report(String goal, Instant started, List<HostOutcome> outcomes) {
    return new Report(
        spec.name().value(), goal, started, Duration.between(started, clock.instant()), outcomes);
  }

  private void tell(Host host, Event.Kind kind, String text) {
    progress.happened(new Event(host.hostname(), kind, "", text));
  }
}
