package org.workr.engine;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
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
  /** Between two attempts that the server may count against the account. */
  private static final Duration REFUSED = Duration.ofSeconds(10);

  private final Connector connector;
  private final KnownHosts knownHosts;
  private final Secrets secrets;
  private final Duration connectTimeout;
  private final boolean newPasswords;

  /**
   * @param newPasswords whether hosts are given other login passwords than they have
   */
  HostFinder(
      Connector connector,
      KnownHosts knownHosts,
      Secrets secrets,
      Duration connectTimeout,
      boolean newPasswords) {
    this.connector = connector;
    this.knownHosts = knownHosts;
    this.secrets = secrets;
    this.connectTimeout = connectTimeout;
    this.newPasswords = newPasswords;
  }

  /** Where keys are pinned. */
  Path pins() {
    return knownHosts.file();
  }

  /**
   * Tries every address until one answers or the time is up, but each of them once. A host that
   * answers and lets nobody in is not asked again: servers count attempts.
   */
  Remote find(Host host, Duration limit) throws HostException {
    return within(host, addresses(host), expected(host), limit, true);
  }

  /**
   * Finds a host again that was left: where it was, or wherever it may be, by the key that it
   * proved there or one that was pinned for it since. While it starts it may let nobody in.
   */
  Remote again(Remote left, Duration limit) throws HostException {
    Host host = left.host();
    List<Ipv4> addresses =
        Stream.concat(Stream.of(Ipv4.parse(left.address())), addresses(host).stream())
            .distinct()
            .toList();
    return within(host, addresses, same(left), limit, false);
  }

  /** The same at the final address only. */
  Remote againAtFinalAddress(Remote left, Duration limit) throws HostException {
    List<Ipv4> address = List.of(left.host().address().ip());
    return within(left.host(), address, same(left), limit, false);
  }

  /** Finds a host where it was left, by one of the keys that were just pinned for it. */
  Remote withNewKeys(Remote left, Duration limit) throws HostException {
    Host host = left.host();
    Set<Fingerprint> pinned = knownHosts.pending(host.hostname());
    List<Ipv4> address = List.of(Ipv4.parse(left.address()));
    return within(host, address, pinned, limit, false);
  }

  /**
   * Where it may be, the likeliest first. One whose declared address has changed since its keys
   * were pinned is still where it was.
   */
  private List<Ipv4> addresses(Host host) {
    Stream<Ipv4> bootstrap = host.bootstrap().stream();
    Stream<Ipv4> last = Stream.of(host.address().ip());
    Stream<Ipv4> before = knownHosts.addresses(host.hostname()).stream();
    return (proven(host) ? Stream.of(last, before, bootstrap) : Stream.of(bootstrap, last, before))
        .flatMap(addresses -> addresses)
        .distinct()
        .toList();
  }

  /** Whether it has proven a key that no other machine has. */
  private boolean proven(Host host) {
    return !knownHosts.confirmed(host.hostname()).isEmpty();
  }

  /**
   * @param strict whether the first refused login is the end of it. A rejected key is not: what has
   *     the address now may be the machine's own initramfs
   */
  private Remote within(
      Host host, List<Ipv4> addresses, Set<Fingerprint> keys, Duration limit, boolean strict)
      throws HostException {
    long deadline = System.nanoTime() + limit.toNanos();
    boolean sign = false;
    while (true) {
      List<ConnectionException> failures = new ArrayList<>();
      for (Ipv4 address : addresses) {
        try {
          return connect(host, address, keys);
        } catch (ConnectionException e) {
          failures.add(e);
        }
      }
      sign |= failures.stream().anyMatch(e -> !e.isSilence());
      long pause = any(failures, Kind.AUTHENTICATION_FAILED) ? REFUSED.toNanos() : 1_000_000_000L;
      if (System.nanoTime() + pause > deadline
          || any(failures, Kind.INTERRUPTED)
          || (strict && any(failures, Kind.AUTHENTICATION_FAILED))) {
        HostException all =
            HostException.all(
                failures.stream()
                    .map(HostException::of)
                    .map(trouble -> strict ? refused(host, trouble) : trouble)
                    .toList());
        throw sign ? all.afterASign() : all;
      }
      Pause.of(Duration.ofNanos(pause));
    }
  }

  private static boolean any(List<ConnectionException> failures, Kind kind) {
    return failures.stream().anyMatch(e -> e.kind() == kind);
  }

  /**
   * A machine that was cloned anew has the template's key again, and is refused for its pins; one
   * that was given another name is refused for the lack of them.
   */
  private HostException refused(Host host, HostException trouble) {
    if (!trouble.kind().equals(Optional.of(Kind.HOST_KEY_REJECTED))) {
      return trouble;
    }
    if (proven(host)) {
      return trouble.with(
          "If you made this machine anew from the template, remove the lines of '"
              + host.hostname()
              + "' from "
              + knownHosts.file()
              + ".");
    }
    List<String> names = knownHosts.othersAt(host.hostname(), addresses(host));
    return names.isEmpty()
        ? trouble
        : trouble.with(
            "If you gave '"
                + String.join("' or '", names)
                + "' the name '"
                + host.hostname()
                + "', write that in its place in "
                + knownHosts.file()
                + ".");
  }

  private Remote connect(Host host, Ipv4 address, Set<Fingerprint> keys)
      throws ConnectionException, HostException {
    Set<Fingerprint> accepted = new LinkedHashSet<>(keys);
    accepted.removeAll(knownHosts.revoked());
    Endpoint endpoint =
        new Endpoint(
            host.hostname(), address.toString(), host.port(), host.user(), List.copyOf(accepted));
    Connection connection = connector.connect(endpoint, connectTimeout);
    try {
      if (knownHosts.pending(host.hostname()).contains(connection.hostKey())) {
        knownHosts.confirm(host.hostname());
      }
      if (address.equals(host.address().ip())) {
        knownHosts.seenAt(host);
      }
    } catch (UncheckedIOException e) {
      connection.close();
      throw HostException.unexpected(e);
    }
    return new Remote(host, connection, proven(host), () -> sudoPasswords(host));
  }

  private Set<Fingerprint> expected(Host host) {
    Set<Fingerprint> expected = new LinkedHashSet<>(knownHosts.confirmed(host.hostname()));
    if (expected.isEmpty()) {
      expected.addAll(host.templateKeys());
    }
    expected.addAll(knownHosts.pending(host.hostname()));
    return expected;
  }

  private Set<Fingerprint> same(Remote left) {
    Set<Fingerprint> expected = new LinkedHashSet<>(Set.of(left.hostKey()));
    expected.addAll(knownHosts.confirmed(left.host().hostname()));
    expected.addAll(knownHosts.pending(left.host().hostname()));
    return expected;
  }

  /**
   * A password that is to be set is set when the host has a key of its own, so no clone is told it
   * before. One that is not set is what the host has.
   */
  private List<Secret> sudoPasswords(Host host) {
    SecretName declared = host.secret("login");
    SecretName current = host.secret("login.current");
    return (proven(host)
            ? Stream.of(declared, current)
            : newPasswords ? Stream.of(current) : Stream.of(current, declared))
        .map(secrets::find)
        .flatMap(Optional::stream)
        .toList();
  }
}
