package org.workr.capability.network;

import java.util.List;
import java.util.Optional;
import org.workr.value.DomainName;
import org.workr.value.Host;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;

/**
 * The network that a host shall have.
 *
 * @param host its declaration
 * @param link its interface
 * @param gateway the way out, when there is one
 * @param nameservers in the order in which they are asked
 * @param searchDomains in the order in which they are tried
 */
record Wanted(
    Host host,
    Link link,
    Optional<Ipv4> gateway,
    List<Ipv4> nameservers,
    List<DomainName> searchDomains) {

  static final String WRITTEN =
      "Written by workr: it owns the network of this machine and undoes changes here.";

  static Wanted of(NetworkSpec spec, Host host, Link link) {
    return new Wanted(host, link, spec.gateway(), spec.nameservers(), spec.searchDomains());
  }

  /** Name of the interface. */
  String networkInterface() {
    return link.name().orElseThrow();
  }

  /** The address with its prefix. */
  InterfaceAddress address() {
    return host.address();
  }

  /** The name servers as words. */
  List<String> nameserverWords() {
    return nameservers.stream().map(Ipv4::toString).toList();
  }

  /** The search domains as words. */
  List<String> searchWords() {
    return searchDomains.stream().map(DomainName::toString).toList();
  }
}
