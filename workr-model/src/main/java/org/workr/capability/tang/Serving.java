package org.workr.capability.tang;

import java.util.Map;
import java.util.Optional;
import org.workr.value.Host;
import org.workr.value.Ipv4;

/**
 * What is declared of Tang servers, from the places of the pom where it stands.
 *
 * @param tang what {@code <tang>} says
 * @param pinned the thumbprints that {@code <disk>} pins, by the URL of the server
 */
public record Serving(TangSpec tang, Map<String, String> pinned) {

  /** Copies the map. */
  public Serving {
    pinned = Map.copyOf(pinned);
  }

  /** Where disks find the server with this address. */
  public String url(Ipv4 address) {
    return "http://" + address + (tang.port() == 80 ? "" : ":" + tang.port());
  }

  /** Where disks find the server that {@code host} is. */
  String url(Host host) {
    return url(host.address().ip());
  }

  /** The thumbprint that disks are bound to, when they are to be bound to {@code host}. */
  Optional<String> pinned(Host host) {
    return Optional.ofNullable(pinned.get(url(host)));
  }
}
