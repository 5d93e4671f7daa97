package org.workr.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.workr.binding.Problems;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;

/** Whether the addresses of hosts, gateway and nameservers can work together on a network. */
final class AddressCheck {
  private final ClusterSpec cluster;
  private final Problems problems;

  AddressCheck(ClusterSpec cluster, Problems problems) {
    this.cluster = cluster;
    this.problems = problems;
  }

  void check() {
    Optional<Ipv4> gateway = cluster.network().gateway();
    gateway.filter(g -> !isUnicast(g)).ifPresent(g -> notUnicast("network.gateway", g));
    nameservers();
    List<InterfaceAddress> seen = new ArrayList<>();
    for (int i = 0; i < cluster.workers().size(); i++) {
      WorkerSpec worker = cluster.workers().get(i);
      bootstrap("workers[" + i + "].bootstrap", worker, gateway);
      String part = "workers[" + i + "].address";
      if (problems.usable(part)) {
        List<InterfaceAddress> addresses = worker.address().addresses();
        first(addresses, a -> !isUnicast(a.ip())).ifPresent(a -> notUnicast(part, a.ip()));
        ends(part, addresses);
        gateway.ifPresent(g -> gateway(part, addresses, g));
        prefixes(part, addresses, seen);
      }
    }
  }

  private void nameservers() {
    List<Ipv4> nameservers = cluster.network().nameservers();
    if (nameservers.isEmpty()
        && cluster.packages().proxy().isEmpty()
        && problems.usable("network.nameservers")
        && problems.usable("packages.proxy")) {
      problems.warning(
          "network.nameservers",
          "is missing, so hosts look up no names, those of package servers among them",
          "Add <nameservers>.");
    }
    for (int i = 0; i < nameservers.size(); i++) {
      String part = "network.nameservers[" + i + "]";
      Ipv4 nameserver = nameservers.get(i);
      if (!problems.usable(part)) {
        continue;
      }
      if (!isUnicast(nameserver) && !isLoopback(nameserver)) {
        notUnicast(part, nameserver);
      }
      for (int w = 0; w < cluster.workers().size(); w++) {
        boolean own =
            problems.usable("workers[" + w + "].address")
                && cluster.workers().get(w).address().addresses().stream()
                    .anyMatch(a -> a.ip().equals(nameserver));
        if (own) {
          problems.warning(
              part,
              "'" + nameserver + "' is a host of this cluster, workers[" + w + "]",
              "Make sure that it answers DNS queries, or correct the address.");
        }
      }
    }
  }

  private void bootstrap(String part, WorkerSpec worker, Optional<Ipv4> gateway) {
    if (!problems.usable(part)) {
      return;
    }
    List<Ipv4> addresses = worker.bootstrap().map(b -> b.addresses()).orElse(List.of());
    // A loopback address is right for a clone behind a forwarded port.
    addresses.stream()
        .filter(a -> !isUnicast(a) && !isLoopback(a))
        .findFirst()
        .ifPresent(a -> notUnicast(part, a));
    if (gateway.isPresent() && addresses.contains(gateway.get())) {
      problems.error(
          part,
          "'" + gateway.get() + "' is the gateway",
          "Use the address at which the clone answers.");
    }
  }

  private void ends(String part, List<InterfaceAddress> addresses) {
    first(addresses, a -> a.ip().equals(a.network()) || a.ip().equals(a.broadcast()))
        .ifPresent(
            a ->
                problems.error(
                    part,
                    "'"
                        + a
                        + "' is the "
                        + (a.ip().equals(a.network()) ? "network's own" : "broadcast")
                        + " address",
                    "Use an address between "
                        + a.network()
                        + " and "
                        + a.broadcast()
                        + ", without these two."));
  }

  private void gateway(String part, List<InterfaceAddress> addresses, Ipv4 gateway) {
    first(addresses, a -> a.ip().equals(gateway))
        .ifPresent(
            a ->
                problems.error(
                    part, "'" + a.ip() + "' is the gateway", "Use an address that is free."));
    first(addresses, a -> !a.contains(gateway))
        .ifPresent(
            a ->
                problems.error(
                    part,
                    "the gateway '" + gateway + "' is not on the network of '" + a + "'",
                    "Correct the address, its prefix length, or the <gateway>: the network is "
                        + a.network()
                        + " to "
                        + a.broadcast()
                        + "."));
    first(addresses, a -> gateway.equals(a.network()) || gateway.equals(a.broadcast()))
        .ifPresent(
            a ->
                problems.error(
                    part,
                    "the gateway '" + gateway + "' is the first or last address of '" + a + "'",
                    "Correct the prefix length, or the <gateway>."));
  }

  private void prefixes(
      String part, List<InterfaceAddress> addresses, List<InterfaceAddress> seen) {
    for (InterfaceAddress address : addresses) {
      Optional<InterfaceAddress> other =
          first(
              seen,
              s ->
                  s.prefix() != address.prefix()
                      && (s.contains(address.ip()) || address.contains(s.ip())));
      if (other.isPresent()) {
        problems.warning(
            part,
            "'" + address + "' and '" + other.get() + "' overlap with different prefix lengths",
            "Hosts on one network have the same prefix length.");
        break;
      }
    }
    seen.addAll(addresses);
  }

  private void notUnicast(String part, Ipv4 address) {
    problems.error(
        part,
        "'" + address + "' can be no machine's address on a network",
        "Use an address of your network, such as 192.168.64.1.");
  }

  private static Optional<InterfaceAddress> first(
      List<InterfaceAddress> addresses, Predicate<InterfaceAddress> which) {
    return addresses.stream().filter(which).findFirst();
  }

  /** Neither "this network", loopback, link-local, multicast nor reserved (RFC 6890). */
  private static boolean isUnicast(Ipv4 address) {
    int top = address.bits() >>> 24;
    boolean linkLocal = address.bits() >>> 16 == 0xA9FE;
    return top != 0 && top != 127 && top < 224 && !linkLocal;
  }

  private static boolean isLoopback(Ipv4 address) {
    return address.bits() >>> 24 == 127;
  }
}
