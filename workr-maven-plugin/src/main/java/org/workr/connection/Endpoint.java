package org.workr.connection;

import java.util.List;
import org.workr.value.Fingerprint;
import org.workr.value.Hostname;

/**
 * Where and how to reach a host, and how it proves that it is the one.
 *
 * @param hostname the host's name in the cluster; only for messages, never looked up
 * @param address an IPv4 or IPv6 address, or a name that the controller can resolve
 * @param port the TCP port of the SSH server, 1 to 65535
 * @param user the account to log in to
 * @param acceptedHostKeys the server must prove one of these keys, of whatever type, before
 *     anything else happens. With an empty list every server is rejected
 */
public record Endpoint(
    Hostname hostname, String address, int port, String user, List<Fingerprint> acceptedHostKeys) {

  /** Refuses a port that is none. */
  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(hostname + ": port " + port + " is not in 1..65535");
    }
    acceptedHostKeys = List.copyOf(acceptedHostKeys);
  }

  /** {@code workr1 (ubuntu@192.168.64.1 port 22)}, the form in which messages name it. */
  @Override
  public String toString() {
    return hostname + " (" + user + "@" + address + " port " + port + ")";
  }
}
