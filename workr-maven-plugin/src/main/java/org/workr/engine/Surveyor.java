package org.workr.engine;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.connection.ConnectionException;
import org.workr.facts.Facts;
import org.workr.plan.Action;
import org.workr.plan.HostPlan;
import org.workr.plan.Step;
import org.workr.planning.Planner;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** Finds hosts, probes them and plans for them; changes nothing. */
final class Surveyor {
  /** Until then a host has put back a network configuration that nobody confirmed. */
  private static final Duration RETURN = Duration.ofMinutes(3);

  private final ClusterSpec spec;
  private final RunOptions options;
  private final HostFinder finder;
  private final Prober prober;
  private final Planner planner;
  private final Progress progress;

  Surveyor(
      ClusterSpec spec,
      RunOptions options,
      HostFinder finder,
      Prober prober,
      Planner planner,
      Progress progress) {
    this.spec = spec;
    this.options = options;
    this.finder = finder;
    this.prober = prober;
    this.planner = planner;
    this.progress = progress;
  }

  /** A host as it was found. Exactly one of plan and trouble is there, or the host was left out. */
  record Found(
      Host host,
      long begun,
      Optional<Remote> remote,
      Optional<HostPlan> plan,
      Optional<Facts> facts,
      Optional<HostException> trouble) {
    Duration took() {
      return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Whether there is something to do on it that may be done. */
    boolean changes() {
      return plan.filter(known -> !known.blocked() && !known.changes().isEmpty()).isPresent();
    }

    /** Whether an earlier run has begun something on it. */
    boolean resumes() {
      return plan.stream()
          .flatMap(known -> known.changes().stream())
          .anyMatch(change -> change.action() == Action.RESUME);
    }

    void close() {
      remote.ifPresent(Remote::close);
    }
  }

  /** Looks at one host, and says what is planned for it; never fails. */
  Found find(Host host) {
    return announced(glance(host));
  }

  /** Says what is planned for a host. */
  Found announced(Found found) {
    found.plan().ifPresent(plan -> tell(found.host(), Event.Kind.PLANNED, counted(plan)));
    return found;
  }

  /** Looks at one host of which it is not known yet what is to be done; never fails. */
  Found glance(Host host) {
    long begun = System.nanoTime();
    if (!options.includes(host.hostname())) {
      return new Found(
          host, begun, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    tell(host, Event.Kind.BEGUN, "");
    try {
      return look(host, begun);
    } catch (HostException e) {
      tell(host, Event.Kind.STOPPED, e.reason());
      return new Found(
          host, begun, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(e));
    } catch (RuntimeException e) {
      HostException trouble = HostException.unexpected(e);
      tell(host, Event.Kind.STOPPED, trouble.reason());
      return new Found(
          host, begun, Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(trouble));
    }
  }

  /**
   * Looks at a host. One that goes away meanwhile is looked for once more: an interrupted run may
   * just have had its network changed, and looking changes nothing.
   */
  private Found look(Host host, long begun) throws HostException {
    Duration patience = options.patience();
    try {
      return look(host, begun, patience);
    } catch (HostException e) {
      if (!lost(e)) {
        throw e;
      }
      tell(host, Event.Kind.WAITING, "to answer again: " + e.reason());
      try {
        return look(host, begun, longer(patience));
      } catch (HostException again) {
        throw again.afterASign();
      }
    }
  }

  /** Plans for a host from what was found of it. */
  Found planned(Found found) {
    return found.facts().map(facts -> planned(found, facts)).orElse(found);
  }

  /** Looks at a found host once more; says how that went, and never fails. */
  Found renewed(Found found) {
    if (found.remote().isEmpty()) {
      return found;
    }
    try {
      return again(found);
    } catch (HostException e) {
      return troubled(found, e);
    }
  }

  private Found planned(Found found, Facts facts) {
    try {
      HostPlan plan = plan(found.remote().orElseThrow(), facts);
      return new Found(
          found.host(),
          found.begun(),
          found.remote(),
          Optional.of(plan),
          Optional.of(facts),
          Optional.empty());
    } catch (HostException e) {
      return troubled(found, e);
    }
  }

  private Found troubled(Found found, HostException trouble) {
    tell(found.host(), Event.Kind.STOPPED, trouble.reason());
    return new Found(
        found.host(),
        found.begun(),
        found.remote(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(trouble));
  }

  /**
   * Looks at a found host once more, right before it is changed. Its connection may have stood idle
   * for hours while other hosts were worked on; when it is gone, there is another one.
   */
  Found again(Found found) throws HostException {
    Remote remote = found.remote().orElseThrow();
    try {
      Facts facts = prober.probe(remote, planner.facts(spec, remote.host()));
      return new Found(
          found.host(),
          found.begun(),
          Optional.of(remote),
          Optional.of(plan(remote, facts)),
          Optional.of(facts),
          Optional.empty());
    } catch (HostException e) {
      remote.close();
      if (!lost(e)) {
        throw e;
      }
      tell(found.host(), Event.Kind.WAITING, "to answer again: " + e.reason());
      return look(found.host(), found.begun(), longer(options.patience()));
    }
  }

  private static boolean lost(HostException e) {
    return e.kind().equals(Optional.of(ConnectionException.Kind.LOST));
  }

  private static Duration longer(Duration patience) {
    return patience.compareTo(RETURN) > 0 ? patience : RETURN;
  }

  private Found look(Host host, long begun, Duration patience) throws HostException {
    Remote remote = finder.find(host, patience);
    try {
      Facts facts = prober.probe(remote, planner.facts(spec, host));
      HostPlan plan = plan(remote, facts);
      tell(host, Event.Kind.PROBED, "at " + remote.address());
      return new Found(
          host,
          begun,
          Optional.of(remote),
          Optional.of(plan),
          Optional.of(facts),
          Optional.empty());
    } catch (HostException | RuntimeException e) {
      remote.close();
      throw e;
    }
  }

  /** Probes a connected host and plans for it. */
  HostPlan plan(Remote remote) throws HostException {
    return plan(remote, prober.probe(remote, planner.facts(spec, remote.host())));
  }

  private HostPlan plan(Remote remote, Facts facts) throws HostException {
    Host host = remote.host();
    HostPlan plan = planner.plan(spec, host, facts);
    if (!plan.blocked() && !remote.proven() && sends(plan) && !renewsKeys(plan)) {
      throw new HostException(
          "its host key "
              + remote.hostKey()
              + " is declared as the template's, which every clone may have, and is to stay. No secret"
              + " is sent to such a machine. If the key is this host's alone, pin it: write the line '"
              + host.hostname()
              + "', a blank and the key (ssh-keyscan prints it; compare the fingerprint) to "
              + finder.pins()
              + ".");
    }
    return plan;
  }

  private static boolean sends(HostPlan plan) {
    return steps(plan).anyMatch(step -> step instanceof Step.Run run && !run.stdin().isEmpty());
  }

  private static boolean renewsKeys(HostPlan plan) {
    return steps(plan).anyMatch(Step.PinHostKeys.class::isInstance);
  }

  private static Stream<Step> steps(HostPlan plan) {
    return plan.changes().stream().flatMap(change -> change.steps().stream());
  }

  private static String counted(HostPlan plan) {
    int count = plan.changes().size();
    return count == 0 ? "as declared" : count == 1 ? "1 change" : count + " changes";
  }

  private void tell(Host host, Event.Kind kind, String text) {
    progress.happened(new Event(host.hostname(), kind, "", text));
  }
}
