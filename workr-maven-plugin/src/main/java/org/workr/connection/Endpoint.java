package org.workr.connection;

import java.util.List;

/**
 * Where and how to reach a host, and how it proves that it is the one.
 *
 * @param hostname the host's name in the cluster; only for messages, never looked up
 * @param address an IPv4 or IPv6 address, or a name that the controller can resolve
 * @param port the TCP port of the SSH server, 1 to 65535
 * @param user the account to log in to
 * @param acceptedHostKeys fingerprints as {@code ssh-keygen -l} prints them, {@code
 *     SHA256:<base64 without padding>}; the server must prove one of these keys, of whatever type,
 *     before anything else happens. With an empty list every server is rejected
 */
public record Endpoint(
    String hostname, String address, int port, String user, List<String> acceptedHostKeys) {

  /** Checks the port and the form of the fingerprints. */
  public Endpoint {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException(hostname + ": port " + port + " is not in 1..65535");
    }
    for (String key : acceptedHostKeys) {
      if (!key.startsWith("SHA256:")) {
        throw new IllegalArgumentException(
            hostname + ": host key fingerprint '" + key + "' does not start with SHA256:");
      }
    }
    acceptedHostKeys = List.copyOf(acceptedHostKeys);
  }

  /** {@code hostname (address port 22)}, the form in which messages name it. */
  @Override
  public String toString() {
    return hostname + " (" + user + "@" + address + " port " + port + ")";
  }
}
