package org.workr.planning;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.capability.container.Deployment;
import org.workr.capability.container.Reap;
import org.workr.capability.disk.Rekey;
import org.workr.diagnostic.Diagnostic;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Plan;
import org.workr.plan.Step;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.Hostname;

/** Makes plans. A pure function of a spec and facts: the same arguments give the same plan. */
public final class Planner {
  private final List<Capabilities.Use<?>> uses;

  /** A planner with everything that workr can do. */
  public Planner() {
    this(Capabilities.ALL);
  }

  /** A planner with some capabilities, in this order. */
  public Planner(List<Capabilities.Use<?>> uses) {
    this.uses = List.copyOf(uses);
  }

  /** A planner that replaces keys of disks, and does nothing else. */
  public static Planner rekeying(Rekey rekey) {
    return new Planner(Capabilities.rekeying(rekey));
  }

  /** A planner that takes hosts out of service for ever. */
  public static Planner decommissioning() {
    return new Planner(Capabilities.decommissioning());
  }

  /** A planner that deploys the containers in which R runs. */
  public static Planner deploying(Deployment deployment) {
    return new Planner(Capabilities.deploying(deployment));
  }

  /** A planner that ends R processes. */
  public static Planner reaping(Reap reap) {
    return new Planner(Capabilities.reaping(reap));
  }

  /** What must be probed on {@code host}. */
  public Set<Fact<?>> facts(ClusterSpec spec, Host host) {
    Set<Fact<?>> facts = new LinkedHashSet<>();
    uses.forEach(use -> facts.addAll(use.facts(spec, host)));
    return facts;
  }

  /** The plan of each host whose facts are known. */
  public Plan plan(ClusterSpec spec, Map<Hostname, Facts> facts) {
    return new Plan(
        spec.name().value(),
        spec.hosts().stream()
            .filter(host -> facts.containsKey(host.hostname()))
            .map(
                host ->
                    plan(spec, host, Optional.ofNullable(facts.get(host.hostname())).orElseThrow()))
            .toList());
  }

  /** How one host stands, capability by capability. */
  public List<StatusLine> status(ClusterSpec spec, Host host, Facts facts) {
    Situation situation = new Situation(host, facts, List.of());
    return uses.stream().flatMap(use -> use.status(spec, situation).stream()).toList();
  }

  /**
   * How all hosts stand together.
   *
   * @param facts of the hosts that could be probed
   */
  public List<StatusLine> status(ClusterSpec spec, Map<Hostname, Facts> facts) {
    Map<Host, Optional<Facts>> hosts = new LinkedHashMap<>();
    spec.hosts().forEach(h -> hosts.put(h, Optional.ofNullable(facts.get(h.hostname()))));
    return uses.stream().flatMap(use -> use.status(spec, hosts).stream()).toList();
  }

  /** The plan of one host: changes in the order of their stages, then of the capabilities. */
  public HostPlan plan(ClusterSpec spec, Host host, Facts facts) {
    List<Change> changes = new ArrayList<>();
    List<Diagnostic> problems = new ArrayList<>();
    for (Capabilities.Use<?> use : uses) {
      Optional<Findings> findings = use.plan(spec, new Situation(host, facts, changes));
      findings.ifPresent(
          found -> {
            changes.addAll(found.changes());
            problems.addAll(found.problems());
          });
      if (findings.flatMap(Findings::alone).isPresent()) {
        Findings only = findings.get();
        boolean others = changes.size() > only.changes().size();
        return new HostPlan(
            host.hostname(),
            only.changes().stream().map(Planner::notingRestart).toList(),
            Stream.of(
                    // What forbids to touch the host forbids this, too.
                    problems.stream().filter(Diagnostic::isError),
                    only.problems().stream(),
                    others ? only.alone().stream() : Stream.<Diagnostic>of())
                .flatMap(found -> found)
                .distinct()
                .toList());
      }
    }
    return new HostPlan(
        host.hostname(),
        changes.stream()
            .sorted(Comparator.comparing(Change::stage))
            .map(Planner::notingRestart)
            .toList(),
        // Several capabilities may miss the same fact.
        problems.stream().distinct().toList());
  }

  /**
   * A change that waits for a restart, or may, says so on the host first, so that no interruption
   * hides it.
   */
  private static Change notingRestart(Change change) {
    if (change.restart() == NeedsRestart.NO || change.restart() == NeedsRestart.AFTER) {
      return change;
    }
    Step note =
        Step.shell(
            change.restart() == NeedsRestart.YES
                ? NeedsRestart.noting(change.id())
                : NeedsRestart.remembering());
    return new Change(
        change.capability(),
        change.subject(),
        change.action(),
        change.before(),
        change.after(),
        change.stage(),
        change.restart(),
        Stream.concat(Stream.of(note), change.steps().stream()).toList());
  }
}
