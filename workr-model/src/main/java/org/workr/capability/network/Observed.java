package org.workr.capability.network;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.value.Host;

/**
 * The facts of one host about its network, all of them known.
 *
 * @param link the interface that is to have the address
 * @param addresses the host's global IPv4 addresses, on all interfaces
 * @param routes its default routes
 * @param services what runs
 * @param netplan what netplan's files say
 * @param ifupdown what ifupdown's files say
 * @param networkd what systemd-networkd does
 * @param networkManager what NetworkManager does
 * @param own workr's files
 * @param resolver how names are looked up
 * @param pending what an earlier run left
 */
record Observed(
    Link link,
    List<LocalAddress> addresses,
    List<DefaultRoute> routes,
    Services services,
    Netplan.Found netplan,
    Ifupdown.Found ifupdown,
    Networkd.Found networkd,
    NmKeyfile.Found networkManager,
    OwnFiles own,
    Resolver resolver,
    Pending pending) {

  // Lifetimes of leases run while one looks: two looks at the same state must print the same.
  private static final Fact<List<LocalAddress>> ADDRESSES =
      Fact.of(
          "network.addresses",
          "all=$(ip -o -4 addr show scope global) || exit 1\n"
              + "printf '%s\\n' \"$all\" | sed 's/ *\\\\ *valid_lft.*//'",
          LocalAddress::parse);

  private static final Fact<List<DefaultRoute>> ROUTES =
      Fact.of("network.routes", "ip -o -4 route show default", DefaultRoute::parse);

  /** All facts that are asked for. */
  static Set<Fact<?>> facts(NetworkSpec spec, Host host) {
    InterfaceProbe probe = InterfaceProbe.of(spec, host);
    Set<Fact<?>> facts = new LinkedHashSet<>();
    facts.add(probe.link());
    facts.add(ADDRESSES);
    facts.add(ROUTES);
    facts.add(Services.fact(probe));
    facts.add(new Netplan().state(probe));
    facts.add(new Ifupdown().state(probe));
    facts.add(new Networkd().state(probe));
    facts.add(new NmKeyfile().state(probe));
    facts.add(OwnFiles.FACT);
    facts.add(Resolver.FACT);
    facts.add(Pending.FACT);
    facts.add(Initramfs.FACT);
    facts.add(Neighbours.fact(probe, spec.gateway()));
    return facts;
  }

  /** What is known; when something is not, that becomes problems in {@code out}. */
  static Optional<Observed> of(NetworkSpec spec, Situation situation, Findings.Builder out) {
    InterfaceProbe probe = InterfaceProbe.of(spec, situation.host());
    Optional<Link> link = situation.require(probe.link(), out);
    if (link.isEmpty() || link.get().name().isEmpty()) {
      link.ifPresent(
          none ->
              out.error(
                  noInterface(probe),
                  (probe.declared().isPresent() ? "Correct" : "Declare")
                      + " <interface> of <network> or of the host; ip -br link on the machine shows"
                      + " the names."));
      return Optional.empty();
    }
    Optional<List<LocalAddress>> addresses = situation.require(ADDRESSES, out);
    Optional<List<DefaultRoute>> routes = situation.require(ROUTES, out);
    Optional<Services> services = situation.require(Services.fact(probe), out);
    Optional<Netplan.Found> netplan = situation.require(new Netplan().state(probe), out);
    Optional<Ifupdown.Found> ifupdown = situation.require(new Ifupdown().state(probe), out);
    Optional<Networkd.Found> networkd = situation.require(new Networkd().state(probe), out);
    Optional<NmKeyfile.Found> networkManager = situation.require(new NmKeyfile().state(probe), out);
    Optional<OwnFiles> own = situation.require(OwnFiles.FACT, out);
    Optional<Resolver> resolver = situation.require(Resolver.FACT, out);
    Optional<Pending> pending = situation.require(Pending.FACT, out);
    if (List.of(
            addresses,
            routes,
            services,
            netplan,
            ifupdown,
            networkd,
            networkManager,
            own,
            resolver,
            pending)
        .stream()
        .anyMatch(Optional::isEmpty)) {
      return Optional.empty();
    }
    return Optional.of(
        new Observed(
            link.get(),
            addresses.orElseThrow(),
            routes.orElseThrow(),
            services.orElseThrow(),
            netplan.orElseThrow(),
            ifupdown.orElseThrow(),
            networkd.orElseThrow(),
            networkManager.orElseThrow(),
            own.orElseThrow(),
            resolver.orElseThrow(),
            pending.orElseThrow()));
  }

  private static String noInterface(InterfaceProbe probe) {
    return probe
        .declared()
        .map(name -> "the machine has no network interface '" + name + "'")
        .orElse("it cannot be told which network interface the connection came in by");
  }

  /** The addresses of the interface, floating ones left out. */
  List<LocalAddress> held() {
    return addresses.stream()
        .filter(address -> link.name().equals(Optional.of(address.networkInterface())))
        .filter(address -> !address.floating())
        .toList();
  }

  /** The default routes through the interface. */
  List<DefaultRoute> ways() {
    return routes.stream()
        .filter(route -> link.name().equals(Optional.of(route.networkInterface())))
        .toList();
  }

  /** Whether the address and the default route are in force, for good and nothing beside them. */
  boolean inForce(Wanted wanted) {
    List<LocalAddress> held = held();
    List<DefaultRoute> ways = ways();
    boolean routed =
        wanted.gateway().isEmpty()
            || (ways.size() == 1 && ways.get(0).gateway().equals(wanted.gateway()));
    return routed
        && held.size() == 1
        && held.get(0).is(wanted.address())
        && !held.get(0).dynamic()
        && services.clients().isEmpty();
  }

  /** What another back end says of the interface. */
  Backend.State state(Backend backend) {
    if (backend instanceof Netplan) {
      return new Netplan.Found(netplan.files(), netplan.claims());
    }
    if (backend instanceof Ifupdown) {
      return ifupdown;
    }
    return backend instanceof Networkd ? networkd : networkManager;
  }

  /** The one program that configures the interface, or why there is no telling, as a sentence. */
  BackendChoice backend() {
    return BackendChoice.of(this);
  }
}
