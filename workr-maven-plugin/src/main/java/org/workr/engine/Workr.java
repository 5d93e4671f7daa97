package org.workr.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.workr.capability.StatusLine;
import org.workr.connection.Connector;
import org.workr.connection.KnownHosts;
import org.workr.facts.Facts;
import org.workr.plan.HostPlan;
import org.workr.plan.Plan;
import org.workr.planning.Planner;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.spec.ClusterSpec;
import org.workr.value.Hostname;

/** Everything that workr does to a cluster, put together once per run. */
public final class Workr implements AutoCloseable {
  private final ClusterSpec spec;
  private final Planner planner;
  private final Ending ending;
  private final Clock clock;
  private final Surveyor surveyor;
  private final Converger converger;
  private final Function<Planner, Deployer.Engine> engines;
  private final Forks forks;

  /**
   * @param connector stays the caller's, who closes it
   * @param knownHosts where host keys are pinned
   * @param stores what is kept of the cluster
   * @param progress is told what happens, by several threads
   * @param planner with what the hosts are to be planned for
   */
  public Workr(
      ClusterSpec spec,
      RunOptions options,
      Connector connector,
      KnownHosts knownHosts,
      Stores stores,
      Progress progress,
      Clock clock,
      Planner planner) {
    this.spec = spec;
    this.planner = planner;
    ending = new Ending(spec, stores.vault(), stores.headers());
    this.clock = clock;
    HostFinder finder =
        new HostFinder(
            connector,
            knownHosts,
            stores.vault(),
            spec.ssh().connectTimeout(),
            spec.accounts().setPassword());
    Prober prober = new Prober(stores, clock, progress);
    StepRunner runner =
        new StepRunner(spec.hosts(), finder, knownHosts, stores, progress, options.attach());
    engines =
        other -> {
          Surveyor looking = new Surveyor(spec, options, finder, prober, other, progress);
          return new Deployer.Engine(
              looking, new Converger(looking, new Applier(runner, progress), knownHosts, progress));
        };
    Deployer.Engine engine = engines.apply(planner);
    surveyor = engine.surveyor();
    converger = engine.converger();
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
    return survey(goal, this::findAll);
  }

  /** The same for a deployment of containers: when an image is to be made, that is the plan. */
  public Survey survey(Deploying deploying) {
    return survey("plan", () -> deployer(deploying).planned(glanceAtAll()));
  }

  private Survey survey(String goal, Supplier<List<Surveyor.Found>> planned) {
    Instant started = clock.instant();
    List<Surveyor.Found> found = planned.get();
    try {
      List<HostPlan> plans =
          found.stream().map(Surveyor.Found::plan).flatMap(Optional::stream).toList();
      return new Survey(
          new Plan(spec.name().value(), plans),
          report(goal, started, found.stream().map(converger::surveyed).toList()));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  /**
   * How the hosts stand.
   *
   * @param hosts of each host that could be probed what is to be told
   * @param cluster what is to be told of all together
   * @param report of all hosts: those that could not be probed as unreachable or failed
   */
  public record Standing(
      Map<Hostname, List<StatusLine>> hosts, List<StatusLine> cluster, Report report) {}

  /** Probes the hosts and says how they stand; changes nothing. */
  public Standing status() {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      Map<Hostname, List<StatusLine>> hosts = new LinkedHashMap<>();
      Map<Hostname, Facts> facts = new LinkedHashMap<>();
      for (Surveyor.Found one : found) {
        one.facts()
            .ifPresent(
                known -> {
                  hosts.put(one.host().hostname(), planner.status(spec, one.host(), known));
                  facts.put(one.host().hostname(), known);
                });
      }
      return new Standing(
          hosts,
          planner.status(spec, facts),
          report("status", started, found.stream().map(converger::stood).toList()));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  /** Makes the hosts as declared, all at once. */
  public Report provision() {
    return converge("provision");
  }

  /** Ends R processes, on all hosts at once. */
  public Report reap() {
    return converge("reap");
  }

  private Report converge(String goal) {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      return report(goal, started, forks.map(found, converger::converge));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  /**
   * Gives the hosts fresh keys, a few at a time. All are looked at first; those that need none are
   * done at once.
   */
  public Report rekey(Rolling rolling) {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      Rollout rollout = new Rollout(rolling, found.size(), forks, converger::converge);
      return report("rekey", started, rollout.run(found, converger::leave));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  /** Brings the containers to the workers, a few at a time. */
  public Report deploy(Deploying deploying, Rolling rolling) {
    Instant started = clock.instant();
    List<Surveyor.Found> found = glanceAtAll();
    try {
      return report("deploy-container", started, deployer(deploying).deploy(found, rolling));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  private Deployer deployer(Deploying deploying) {
    return new Deployer(spec, deploying, clock, forks, engines);
  }

  /**
   * Makes the disks of the hosts unreadable, and destroys what the controller has that could open
   * them. Other hosts stay as they are.
   */
  public Report decommission() {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      return report(
          "decommission",
          started,
          forks.map(found, one -> ending.afterErasing(one.host(), converger.converge(one))));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  /**
   * Destroys what the controller has that could open the disks of hosts that do not answer. A host
   * that answers keeps all of it: its disks can be erased.
   */
  public Report abandon() {
    Instant started = clock.instant();
    List<Surveyor.Found> found = findAll();
    try {
      return report(
          "decommission",
          started,
          forks.map(found, one -> ending.abandon(one, converger.surveyed(one))));
    } finally {
      found.forEach(Surveyor.Found::close);
    }
  }

  @Override
  public void close() {
    forks.close();
  }

  private List<Surveyor.Found> glanceAtAll() {
    return forks.map(spec.hosts(), surveyor::glance);
  }

  private List<Surveyor.Found> findAll() {
    return forks.map(spec.hosts(), surveyor::find);
  }

  private Report report(String goal, Instant started, List<HostOutcome> outcomes) {
    return new Report(
        spec.name().value(), goal, started, Duration.between(started, clock.instant()), outcomes);
  }
}
