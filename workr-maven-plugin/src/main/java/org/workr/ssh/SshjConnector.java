package org.workr.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.stream.Collectors;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.transport.TransportException;
import org.jspecify.annotations.Nullable;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Connector;
import org.workr.connection.Credentials;
import org.workr.connection.Endpoint;
import org.workr.ssh.PinnedHostKey.Presented;
import org.workr.value.Fingerprint;

/**
 * Connects with sshj 0.40. What that does not do by itself:
 *
 * <ul>
 *   <li>It looks at one host key, the first that both sides like. A pin may be of another type, so
 *       a server whose key is not accepted is asked for its keys of the other types, each on a
 *       connection of its own that ends before anything was sent.
 *   <li>No time limit of it covers a whole operation, see {@link Deadline}.
 *   <li>It has no SSH agent and no post-quantum key exchange.
 * </ul>
 */
public final class SshjConnector implements Connector {

  private final Config config = new Algorithms();
  private final Login login;
  private final int silence;
  private final ScheduledThreadPoolExecutor timer;
  private final Set<Wire> open = ConcurrentHashMap.newKeySet();
  private final Map<Fingerprint, HostKeyType> typeOfKey = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** Connects with these credentials. */
  public SshjConnector(Credentials credentials) {
    this(credentials, Wire.SILENCE);
  }

  /** For tests, which cannot wait as long for a dead server; {@code silence} in ms. */
  SshjConnector(Credentials credentials, int silence) {
    this.login = new Login(credentials, new LoginKey(config, credentials));
    this.silence = silence;
    this.timer = new ScheduledThreadPoolExecutor(1, SshjConnector::timerThread);
    timer.setRemoveOnCancelPolicy(true);
  }

  private static Thread timerThread(Runnable task) {
    Thread thread = new Thread(task, "workr-ssh-deadlines");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public Connection connect(Endpoint endpoint, Duration limit) throws ConnectionException {
    Deadline deadline = Deadline.in(limit);
    List<Presented> rejected = new ArrayList<>();
    for (HostKeyType type : order(endpoint)) {
      if (rejected.stream().noneMatch(key -> HostKeyType.of(key.type()) == type)) {
        Connection connection = attempt(endpoint, type, deadline, rejected);
        if (connection != null) {
          return connection;
        }
      }
    }
    throw notAccepted(endpoint, rejected);
  }

  /** The types to ask for, first one that an accepted key is known to have. */
  private List<HostKeyType> order(Endpoint endpoint) {
    Set<HostKeyType> order = new LinkedHashSet<>();
    for (Fingerprint key : endpoint.acceptedHostKeys()) {
      HostKeyType known = typeOfKey.get(key);
      if (known != null) {
        order.add(known);
      }
    }
    order.addAll(List.of(HostKeyType.values()));
    return List.copyOf(order);
  }

  /** A connection, or null when the server showed a key that is now among the rejected ones. */
  private @Nullable Connection attempt(
      Endpoint endpoint, HostKeyType type, Deadline deadline, List<Presented> rejected)
      throws ConnectionException {
    if (closed) {
      throw new IllegalStateException("the connector is closed");
    }
    Wire wire = new Wire(endpoint, Dialer.dial(endpoint, deadline), config, silence);
    open.add(wire);
    boolean usable = false;
    Future<?> guard = deadline.guard(wire.socket(), timer);
    try {
      Fingerprint proven = handshake(wire, type, deadline, rejected);
      if (proven == null) {
        return null;
      }
      typeOfKey.put(proven, type);
      Login.Way way = logIn(wire, deadline);
      usable = true;
      return new SshjConnection(wire, proven, way, timer, () -> open.remove(wire));
    } finally {
      guard.cancel(false);
      if (!usable) {
        open.remove(wire);
        wire.close();
      }
    }
  }

  private static @Nullable Fingerprint handshake(
      Wire wire, HostKeyType type, Deadline deadline, List<Presented> rejected)
      throws ConnectionException {
    PinnedHostKey pin = new PinnedHostKey(wire.endpoint().acceptedHostKeys(), type);
    wire.client().addHostKeyVerifier(pin);
    try {
      // By name, even if it is an address: given an InetAddress, sshj looks up a name for it.
      wire.client().connect(wire.endpoint().address(), wire.endpoint().port());
    } catch (IOException e) {
      Presented presented = pin.rejected();
      if (presented != null) {
        rejected.add(presented);
        return null;
      }
      throw wire.failure(
          deadline,
          Kind.UNREACHABLE,
          "the SSH server was asked for its key",
          "Check that it is an SSH server that listens on this port, and that it neither turns away"
              + " many connections at once (MaxStartups) nor bans this machine: journalctl -u ssh.",
          e);
    }
    return pin.proven();
  }

  private Login.Way logIn(Wire wire, Deadline deadline) throws ConnectionException {
    try {
      Login.Way way = login.logIn(wire);
      wire.keepAlive();
      return way;
    } catch (TransportException e) {
      throw wire.failure(
          deadline,
          Kind.LOST,
          "logging in",
          "Look into the log of the machine's SSH server: journalctl -u ssh.",
          e);
    }
  }

  private static ConnectionException notAccepted(Endpoint endpoint, List<Presented> rejected) {
    List<Fingerprint> accepted = endpoint.acceptedHostKeys();
    return new ConnectionException(
        Kind.HOST_KEY_REJECTED,
        endpoint,
        "the server proved the host key "
            + join(rejected)
            + ", but "
            + (accepted.isEmpty() ? "no key is known for it" : "the known one is " + join(accepted))
            + "; nothing was sent to it",
        "On the machine's own console, run: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub. If it"
            + " prints the key that the server proved, the machine has a new key: declare that one."
            + " If not, another machine answers at this address.",
        null);
  }

  private static String join(List<?> keys) {
    return keys.stream().map(Object::toString).distinct().collect(Collectors.joining(" and "));
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(Wire::close);
    open.clear();
    timer.shutdownNow();
  }
}
