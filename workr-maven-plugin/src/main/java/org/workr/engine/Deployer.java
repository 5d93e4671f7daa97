package org.workr.engine;

import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.capability.container.ContainerSpec;
import org.workr.capability.container.Deployment;
import org.workr.facts.Facts;
import org.workr.planning.Planner;
import org.workr.report.HostOutcome;
import org.workr.report.Status;
import org.workr.spec.ClusterSpec;
import org.workr.value.HostNames;
import org.workr.value.Hostname;
import org.workr.value.Role;

/**
 * Deploys containers: where the lock has no image, one host of each architecture makes it; then it
 * comes to all workers, a few at a time.
 */
final class Deployer {
  private static final DateTimeFormatter BUILD =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ClusterSpec spec;
  private final ContainerSpec container;
  private final Deploying deploying;
  private final Clock clock;
  private final Forks forks;
  private final Function<Planner, Engine> engines;

  /** What looks at hosts and changes them for one planner. */
  record Engine(Surveyor surveyor, Converger converger) {}

  Deployer(
      ClusterSpec spec,
      Deploying deploying,
      Clock clock,
      Forks forks,
      Function<Planner, Engine> engines) {
    this.spec = spec;
    this.container = spec.container().orElseThrow();
    this.deploying = deploying;
    this.clock = clock;
    this.forks = forks;
    this.engines = engines;
  }

  /** What would be done first: when an image is to be made, only that. */
  List<Surveyor.Found> planned(List<Surveyor.Found> found) {
    Deployment building = building(found);
    return replanned(engine(building.builds() ? building : deployment(found)), found);
  }

  /** Deploys; the outcomes in the order of {@code found}. */
  List<HostOutcome> deploy(List<Surveyor.Found> found, Rolling rolling) {
    Deployment building = building(found);
    if (!building.builds()) {
      return rollOut(found, rolling);
    }
    Engine engine = engine(building);
    List<Surveyor.Found> builders = new ArrayList<>(replanned(engine, found));
    List<Surveyor.Found> all = List.copyOf(builders);
    builders.removeIf(one -> !building.builders().contains(one.host().hostname()));
    Map<Hostname, HostOutcome> built = new LinkedHashMap<>();
    builders.forEach(engine.surveyor()::announced);
    forks.map(builders, engine.converger()::converge).forEach(o -> built.put(o.host(), o));
    List<Hostname> failed =
        built.values().stream().filter(HostOutcome::needsAttention).map(HostOutcome::host).toList();
    List<Hostname> atWork =
        built.values().stream().filter(HostOutcome::goesOn).map(HostOutcome::host).toList();
    if (!failed.isEmpty() || !atWork.isEmpty()) {
      String why =
          failed.isEmpty()
              ? "not begun, because the image is still being made on "
                  + HostNames.folded(atWork)
                  + "; run the goal again"
              : "not begun, because no image could be made on " + HostNames.folded(failed);
      return all.stream()
          .map(
              one ->
                  Optional.ofNullable(built.get(one.host().hostname()))
                      .orElseGet(() -> left(engine, one, why)))
          .toList();
    }
    // Those that made it were changed, and so left.
    List<Surveyor.Found> renewed =
        forks.map(
            found,
            one ->
                built.containsKey(one.host().hostname())
                    ? engine.surveyor().glance(one.host())
                    : engine.surveyor().renewed(one));
    try {
      return rollOut(renewed, rolling).stream().map(after -> both(built, after)).toList();
    } finally {
      renewed.forEach(Surveyor.Found::close);
    }
  }

  private static HostOutcome left(Engine engine, Surveyor.Found found, String why) {
    return found.plan().filter(plan -> !plan.blocked()).isPresent()
        ? engine.converger().leave(found, why)
        : engine.converger().surveyed(found);
  }

  /** Only workers count for how many are replaced at once: on the others there is nothing to do. */
  private List<HostOutcome> rollOut(List<Surveyor.Found> found, Rolling rolling) {
    Engine engine = engine(deployment(found));
    Map<Boolean, List<Surveyor.Found>> byRole =
        replanned(engine, found).stream()
            .collect(Collectors.partitioningBy(one -> one.host().roles().contains(Role.WORKER)));
    List<Surveyor.Found> workers = byRole.getOrDefault(true, List.of());
    workers.forEach(engine.surveyor()::announced);
    Rollout rollout = new Rollout(rolling, workers.size(), forks, engine.converger()::converge);
    Map<Hostname, HostOutcome> outcomes = new HashMap<>();
    rollout.run(workers, engine.converger()::leave).forEach(o -> outcomes.put(o.host(), o));
    byRole
        .getOrDefault(false, List.of())
        .forEach(one -> outcomes.put(one.host().hostname(), engine.converger().surveyed(one)));
    return found.stream()
        .map(one -> Optional.ofNullable(outcomes.get(one.host().hostname())).orElseThrow())
        .toList();
  }

  /** Of a host that has made the image that, too. */
  private static HostOutcome both(Map<Hostname, HostOutcome> before, HostOutcome deployed) {
    HostOutcome built = before.get(deployed.host());
    return built == null
        ? deployed
        : new HostOutcome(
            deployed.host(),
            deployed.status() == Status.OK ? built.status() : deployed.status(),
            Stream.concat(built.changes().stream(), deployed.changes().stream()).toList(),
            deployed.problems(),
            built.took().plus(deployed.took()),
            deployed.message(),
            deployed.goesOn());
  }

  private Deployment building(List<Surveyor.Found> found) {
    return Deployment.building(
        container, spec.hosts(), facts(found), deploying.update(), BUILD.format(clock.instant()));
  }

  private Deployment deployment(List<Surveyor.Found> found) {
    return Deployment.of(container, spec.hosts(), facts(found), deploying.drain());
  }

  private Engine engine(Deployment deployment) {
    return engines.apply(Planner.deploying(deployment));
  }

  private static List<Surveyor.Found> replanned(Engine engine, List<Surveyor.Found> found) {
    return found.stream().map(engine.surveyor()::planned).toList();
  }

  private static Map<Hostname, Facts> facts(List<Surveyor.Found> found) {
    Map<Hostname, Facts> facts = new HashMap<>();
    found.forEach(one -> one.facts().ifPresent(known -> facts.put(one.host().hostname(), known)));
    return facts;
  }
}
