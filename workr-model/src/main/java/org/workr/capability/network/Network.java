package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;

/** Static address, gateway and name servers, also while the initramfs unlocks the disk. */
public final class Network implements Capability<NetworkSpec> {

  /** Makes the capability. */
  public Network() {}

  @Override
  public String name() {
    return "network";
  }

  @Override
  public Set<Fact<?>> facts(NetworkSpec spec, Host host) {
    return Observed.facts(spec, host);
  }

  @Override
  public Findings plan(NetworkSpec spec, Situation situation) {
    Findings.Builder out = situation.findings(name());
    Observed.of(spec, situation, out).ifPresent(host -> plan(spec, situation, host, out));
    return out.build();
  }

  private static void plan(
      NetworkSpec spec, Situation situation, Observed host, Findings.Builder out) {
    Wanted wanted = Wanted.of(spec, situation.host(), host.link());
    BackendChoice choice = host.backend();
    Optional<String> refusal =
        host.link()
            .refusal()
            .map(why -> wanted.networkInterface() + " " + why)
            .or(() -> Optional.of(choice.refusal()).filter(why -> !why.isEmpty()));
    if (refusal.isPresent()) {
      leave(wanted, host, refusal.get(), out);
      return;
    }
    Backend backend = choice.backend().orElseThrow();
    AddressPlan address = new AddressPlan(spec, wanted, backend, host);
    Optional<Initramfs> initramfs = situation.require(Initramfs.FACT, out);
    if (initramfs.isEmpty()) {
      return;
    }
    boolean obstructed = address.needed() && Obstacles.found(address, situation, out);
    if (address.needed() && !obstructed) {
      out.change(
          Stage.NETWORK,
          host.pending().open() ? Action.RESUME : Action.UPDATE,
          "address",
          address.before(),
          address.after(),
          address.steps().toArray(Step[]::new));
    }
    if (spec.initramfs()) {
      initramfs.get().plan(wanted, backend, host.own(), obstructed, out);
    } else if (!obstructed) {
      initramfs.get().planWithout(host.own(), out);
    }
  }

  /** A network that workr cannot change is none of its business while it is as declared. */
  private static void leave(Wanted wanted, Observed host, String why, Findings.Builder out) {
    if (host.inForce(wanted)) {
      out.warning(
          why + ", so workr leaves the network alone",
          "It is as declared now. See to it that it is after the next boot.");
      return;
    }
    List<String> now = new ArrayList<>();
    host.addresses().forEach(a -> now.add(a.networkInterface() + " " + a));
    String device = host.link().master().orElse(wanted.networkInterface());
    out.error(
        why + ", and workr cannot change that",
        (device.equals(wanted.networkInterface())
                ? "Correct <interface>, or give the machine "
                : "Declare <interface>" + device + "</interface>, give the machine ")
            + wanted.address()
            + " on "
            + device
            + wanted.gateway().map(gateway -> " with the gateway " + gateway).orElse("")
            + " by hand and run the goal again. It has: "
            + (now.isEmpty() ? "no address" : String.join(", ", now))
            + ".");
  }
}
