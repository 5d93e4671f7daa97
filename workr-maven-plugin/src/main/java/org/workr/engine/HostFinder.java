package org.workr.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.Connector;
import org.workr.connection.Endpoint;
import org.workr.connection.KnownHosts;
import org.workr.secret.Secret;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.Ipv4;
import org.workr.value.SecretName;

/**
 * Connects to a host wherever it is: at its final or its bootstrap address, whichever answers with
 * an expected key.
 *
 * <p>Expected are the keys that are pinned for the host and, until one of these has been seen in
 * use, the template's. A pinned key that was pending when the host first proves it becomes its only
 * one: from then on the template's key, which every clone has, is refused.
 */
final class HostFinder {
  private final Connector connector;
  private final KnownHosts knownHosts;
  private final Secrets secrets;
  private final Duration connectTimeout;

  HostFinder(Connector connector, KnownHosts knownHosts, Secrets secrets, Duration connectTimeout) {
    this.connector = connector;
    this.knownHosts = knownHosts;
    this.secrets = secrets;
    this.connectTimeout = connectTimeout;
  }

  /** Tries every address once. */
  Remote find(Host host) throws HostException {
    return connectToFirst(host, addresses(host));
  }

  /** Tries every address until one answers or the time is up. */
  Remote find(Host host, Duration limit) throws HostException {
    return within(host, addresses(host), limit);
  }

  /** Tries the final address until it answers or the time is up. */
  Remote findAtFinalAddress(Host host, Duration limit) throws HostException {
    return within(host, List.of(host.address().ip()), limit);
  }

  /**
   * Where it may be, the likeliest first. One whose declared address has changed since its keys
   * were pinned is still where it was.
   */
  private List<Ipv4> addresses(Host host) {
    Stream<Ipv4> bootstrap = host.bootstrap().stream();
    Stream<Ipv4> last = Stream.of(host.address().ip());
    Stream<Ipv4> before = knownHosts.addresses(host.hostname()).stream();
    boolean provisioned = !knownHosts.confirmed(host.hostname()).isEmpty();
    return (provisioned ? Stream.of(last, before, bootstrap) : Stream.of(bootstrap, last, before))
        .flatMap(addresses -> addresses)
        .distinct()
        .toList();
  }

  private Remote within(Host host, List<Ipv4> addresses, Duration limit) throws HostException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      try {
        return connectToFirst(host, addresses);
      } catch (HostException e) {
        if (System.nanoTime() + 1_000_000_000L > deadline || interrupted(e)) {
          throw e;
        }
      }
      Pause.oneSecond();
    }
  }

  private static boolean interrupted(HostException e) {
    return e.kind().filter(ConnectionException.Kind.INTERRUPTED::equals).isPresent();
  }

  private Remote connectToFirst(Host host, List<Ipv4> addresses) throws HostException {
    List<HostException> failures = new ArrayList<>();
    for (Ipv4 address : addresses) {
      try {
        return connect(host, address);
      } catch (ConnectionException e) {
        failures.add(refused(host, HostException.of(e)));
      }
    }
    throw HostException.all(failures);
  }

  /** A machine that was cloned anew has the template's key again, and is refused for its pins. */
  private HostException refused(Host host, HostException trouble) {
    boolean pinned = !knownHosts.confirmed(host.hostname()).isEmpty();
    return pinned && trouble.kind().equals(Optional.of(ConnectionException.Kind.HOST_KEY_REJECTED))
        ? trouble.with(
            "If you made this machine anew from the template, remove the lines of '"
                + host.hostname()
                + "' from "
                + knownHosts.file()
                + ".")
        : trouble;
  }

  private Remote connect(Host host, Ipv4 address) throws ConnectionException {
    Endpoint endpoint =
        new Endpoint(host.hostname(), address.toString(), host.port(), host.user(), expected(host));
    Connection connection = connector.connect(endpoint, connectTimeout);
    if (knownHosts.pending(host.hostname()).contains(connection.hostKey())) {
      knownHosts.confirm(host.hostname());
    }
    if (address.equals(host.address().ip())) {
      knownHosts.readdress(host);
    }
    return new Remote(host, connection, () -> sudoPasswords(host));
  }

  private List<Fingerprint> expected(Host host) {
    Set<Fingerprint> expected = new LinkedHashSet<>(knownHosts.confirmed(host.hostname()));
    if (expected.isEmpty()) {
      expected.addAll(host.templateKeys());
    }
    expected.addAll(knownHosts.pending(host.hostname()));
    return List.copyOf(expected);
  }

  private List<Secret> sudoPasswords(Host host) {
    SecretName declared = host.secret("login");
    SecretName current = host.secret("login.current");
    boolean provisioned = !knownHosts.confirmed(host.hostname()).isEmpty();
    return (provisioned ? Stream.of(declared, current) : Stream.of(current, declared))
        .map(secrets::find)
        .flatMap(Optional::stream)
        .toList();
  }
}
