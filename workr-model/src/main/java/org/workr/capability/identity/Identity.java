package org.workr.capability.identity;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.SshServer;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.value.Host;

/**
 * Makes a clone a machine of its own. A {@link Marker}, written when all the rest is done, tells a
 * machine that has its identity from one that still has its template's.
 */
public final class Identity implements Capability<IdentitySpec> {

  /** What {@link #isClone} goes by. */
  public static final Fact<?> OF_CLONES = Marker.FACT;

  /** A planner; it has no state. */
  public Identity() {}

  @Override
  public String name() {
    return "identity";
  }

  @Override
  public Set<Fact<?>> facts(IdentitySpec spec, Host host) {
    return new LinkedHashSet<>(
        List.of(
            Marker.FACT,
            CloudInit.FACT,
            CloudInit.STATE,
            Naming.STATIC,
            Naming.RUNNING,
            Naming.HOSTS,
            Naming.MAILNAME,
            Naming.AVAHI,
            MachineId.FACT,
            MachineId.DBUS,
            MachineId.JOURNALS,
            HostKeys.INSTALLED,
            HostKeys.STAGED,
            SshServer.settings(host),
            SshServer.LISTENER,
            CloneState.fact(host)));
  }

  @Override
  public Findings plan(IdentitySpec spec, Situation situation) {
    Findings.Builder out = situation.findings(name());
    CloudInit.plan(situation, out);
    Naming.plan(spec, situation, out);
    Optional<Optional<Marker>> known = situation.require(Marker.FACT, out);
    Optional<String> machineId = situation.require(MachineId.FACT, out);
    if (known.isEmpty() || machineId.isEmpty()) {
      return out.build();
    }
    Optional<Marker> marker = known.get();
    boolean clone = isClone(marker, situation.host());
    boolean own = !clone && marker.filter(m -> m.machineId().equals(machineId.get())).isPresent();
    MachineId.plan(situation, own, machineId.get(), out);
    HostKeys.plan(spec, situation, clone && marker.isPresent(), out);
    if (clone) {
      situation
          .require(CloneState.fact(situation.host()), out)
          .ifPresent(state -> CloneHygiene.plan(situation, state, marker.isEmpty(), out));
    }
    if (!own) {
      out.change(
          Stage.IDENTITY,
          marker.isPresent() ? Action.UPDATE : Action.CREATE,
          "marker",
          marker.map(Marker::toString).orElse(""),
          new Marker(situation.host().hostname().value(), "(the new one)").toString(),
          Marker.write(situation.host().hostname()));
    }
    return out.build();
  }

  /** Whether it is known that the host still has the identity of the machine it was copied from. */
  public static boolean isClone(Situation situation) {
    return situation.get(Marker.FACT).map(m -> isClone(m, situation.host())).orElse(false);
  }

  private static boolean isClone(Optional<Marker> marker, Host host) {
    return marker.filter(m -> m.hostname().equals(host.hostname().value())).isEmpty();
  }
}
