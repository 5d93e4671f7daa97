package org.workr.connection;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.workr.connection.ConnectionException.Kind;

/**
 * A connector to fake hosts that remembers what was done. At an address without a host nothing
 * answers. Safe for use by many threads.
 */
public final class RecordingConnector implements Connector {

  private final Map<String, FakeHost> hosts = new ConcurrentHashMap<>();
  private final Map<String, Kind> failures = new ConcurrentHashMap<>();
  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Set<RecordingConnection> open = ConcurrentHashMap.newKeySet();

  /** Something that was done, in order. */
  public sealed interface Event {
    /** To which host. */
    Endpoint endpoint();
  }

  /** A connection was asked for; what came of it shows in what follows. */
  public record Connecting(Endpoint endpoint) implements Event {}

  /**
   * A command ended.
   *
   * @param stdin everything that the command was given
   */
  public record Executed(Endpoint endpoint, String command, String stdin) implements Event {
    @Override
    public String toString() {
      return "Executed[" + endpoint + ", " + command + ", " + stdin.length() + " characters]";
    }
  }

  /** A connection was closed by the side that opened it. */
  public record Closed(Endpoint endpoint) implements Event {}

  /** Lets {@code host} answer at {@code address}, in place of what did. */
  public RecordingConnector host(String address, FakeHost host) {
    hosts.put(address, host);
    failures.remove(address);
    return this;
  }

  /** Lets every connection to {@code address} fail like this. */
  public RecordingConnector failing(String address, Kind kind) {
    failures.put(address, kind);
    return this;
  }

  /** What was done so far. */
  public List<Event> events() {
    return List.copyOf(events);
  }

  /** How many connections are open. */
  public int openConnections() {
    return open.size();
  }

  @Override
  public Connection connect(Endpoint endpoint, Duration limit) throws ConnectionException {
    record(new Connecting(endpoint));
    FakeHost host = hosts.get(endpoint.address());
    Kind failure = failures.get(endpoint.address());
    if (failure != null) {
      throw failure(failure, endpoint, "as arranged");
    }
    if (host == null) {
      throw ConnectionException.silence(
          Kind.UNREACHABLE, endpoint, "nobody is there", "Nothing.", new IOException());
    }
    if (!endpoint.acceptedHostKeys().contains(host.hostKey())) {
      throw failure(
          Kind.HOST_KEY_REJECTED,
          endpoint,
          "proved " + host.hostKey() + ", accepted are " + endpoint.acceptedHostKeys());
    }
    RecordingConnection connection = new RecordingConnection(endpoint, host, this);
    open.add(connection);
    return connection;
  }

  @Override
  public void close() {
    open.forEach(RecordingConnection::close);
  }

  void record(Event event) {
    events.add(event);
  }

  void closed(RecordingConnection connection) {
    if (open.remove(connection)) {
      record(new Closed(connection.endpoint()));
    }
  }

  static ConnectionException failure(Kind kind, Endpoint endpoint, String what) {
    return new ConnectionException(kind, endpoint, what, "This is a test.", null);
  }
}
