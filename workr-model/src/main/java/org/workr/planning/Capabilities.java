package org.workr.planning;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.capability.accounts.Access;
import org.workr.capability.accounts.Accounts;
import org.workr.capability.console.Console;
import org.workr.capability.container.Container;
import org.workr.capability.container.Deployment;
import org.workr.capability.container.RContainer;
import org.workr.capability.container.Reap;
import org.workr.capability.disk.Disk;
import org.workr.capability.disk.Encryption;
import org.workr.capability.disk.Rekey;
import org.workr.capability.identity.Identity;
import org.workr.capability.network.Network;
import org.workr.capability.packages.Packages;
import org.workr.capability.packages.PackagesSpec;
import org.workr.capability.platform.Platform;
import org.workr.capability.platform.PlatformSpec;
import org.workr.capability.restart.Restart;
import org.workr.capability.tailscale.Tailscale;
import org.workr.capability.tang.Serving;
import org.workr.capability.tang.Tang;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** Everything that workr can do to a host. A capability of its own is one line here. */
public final class Capabilities {

  /** In the order in which they plan; within a stage also the order in which they change. */
  static final List<Use<?>> ALL =
      List.of(
          always(new Platform(), Capabilities::platform),
          always(new Network(), ClusterSpec::network),
          always(new Identity(), ClusterSpec::identity),
          always(new Packages(), ClusterSpec::packages),
          always(new Accounts(), spec -> Access.of(spec.accounts(), spec.ssh())),
          declared(new Tailscale(), ClusterSpec::tailscale),
          declared(new Console(), ClusterSpec::console),
          always(new Tang(), Capabilities::serving),
          declared(new Disk(), Capabilities::encryption),
          declared(new Container(), Capabilities::container),
          always(new Restart(), ClusterSpec::restart));

  private Capabilities() {}

  /** What the machine itself must be like for the rest of the spec to make sense. */
  private static PlatformSpec platform(ClusterSpec spec) {
    return new PlatformSpec(spec.disk().isPresent(), payloads(spec.packages()));
  }

  private static Optional<Encryption> encryption(ClusterSpec spec) {
    return spec.disk().map(disk -> new Encryption(disk, spec.restart().allowed()));
  }

  private static Serving serving(ClusterSpec spec) {
    return new Serving(spec.tang(), encryption(spec).map(Encryption::pinned).orElse(Map.of()));
  }

  private static Optional<RContainer> container(ClusterSpec spec) {
    return spec.container()
        .map(
            container ->
                new RContainer(
                    container,
                    Access.literal(
                        container.authorizedKeys().isEmpty()
                            ? spec.ssh().authorizedKeys()
                            : container.authorizedKeys()),
                    spec.packages().proxy(),
                    spec.network().nameservers()));
  }

  /** What is needed for the containers in which R runs. */
  static List<Use<?>> deploying(Deployment deployment) {
    return List.of(declared(new Container(deployment), Capabilities::container));
  }

  /** What is needed to end R processes. */
  static List<Use<?>> reaping(Reap reap) {
    return List.of(declared(new Container(reap), Capabilities::container));
  }

  /** What is needed to replace keys, and nothing else of what the pom declares. */
  static List<Use<?>> rekeying(Rekey rekey) {
    List<Use<?>> uses = new ArrayList<>();
    uses.add(always(new Platform(), Capabilities::platform));
    if (rekey.parts().contains(Rekey.Part.TANG)) {
      uses.add(always(new Tang(rekey), Capabilities::serving));
    }
    if (!rekey.parts().equals(Set.of(Rekey.Part.TANG))) {
      uses.add(declared(new Disk(rekey), Capabilities::encryption));
      if (rekey.rehearse()) {
        uses.add(always(new Restart(), ClusterSpec::restart));
      }
    }
    return List.copyOf(uses);
  }

  /** What is needed to take a host out of service for ever. */
  static List<Use<?>> decommissioning() {
    return List.of(declared(Disk.erasing(), Capabilities::encryption));
  }

  private static List<PlatformSpec.Payload> payloads(PackagesSpec packages) {
    Map<PlatformSpec.Payload, Boolean> wanted =
        Map.of(
            PlatformSpec.Payload.AVAHI, packages.avahi(),
            PlatformSpec.Payload.CLEVIS, packages.clevis(),
            PlatformSpec.Payload.DOCKER, packages.docker());
    return Stream.of(PlatformSpec.Payload.values())
        .filter(payload -> wanted.getOrDefault(payload, false))
        .toList();
  }

  /**
   * A capability and the part of the spec that it goes by.
   *
   * @param capability what is done
   * @param part what the pom says about it, or empty when it says nothing and nothing is to be done
   */
  public record Use<S>(Capability<S> capability, Function<ClusterSpec, Optional<S>> part) {

    Set<Fact<?>> facts(ClusterSpec spec, Host host) {
      return part.apply(spec).map(own -> capability.facts(own, host)).orElse(Set.of());
    }

    List<StatusLine> status(ClusterSpec spec, Situation situation) {
      return part.apply(spec).map(own -> capability.status(own, situation)).orElse(List.of());
    }

    List<StatusLine> status(ClusterSpec spec, Map<Host, Optional<Facts>> hosts) {
      return part.apply(spec).map(own -> capability.status(own, hosts)).orElse(List.of());
    }

    Optional<Findings> plan(ClusterSpec spec, Situation situation) {
      return part.apply(spec).map(own -> capability.plan(own, situation));
    }
  }

  /** A capability that every cluster uses. */
  public static <S> Use<S> always(Capability<S> capability, Function<ClusterSpec, S> part) {
    return new Use<>(capability, spec -> Optional.of(part.apply(spec)));
  }

  /** A capability that a cluster uses when it declares something about it. */
  public static <S> Use<S> declared(
      Capability<S> capability, Function<ClusterSpec, Optional<S>> part) {
    return new Use<>(capability, part);
  }
}
