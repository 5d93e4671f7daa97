package org.workr.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import net.schmizz.keepalive.KeepAliveRunner;
import net.schmizz.sshj.Config;
import net.schmizz.sshj.SSHClient;
import net.schmizz.sshj.common.DisconnectReason;
import net.schmizz.sshj.transport.DisconnectListener;
import org.jspecify.annotations.Nullable;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Endpoint;

/** One connected socket, the sshj client on it, and why it broke once it has. */
final class Wire implements DisconnectListener {

  /** Longest silence of a server that is asked for a sign of life every quarter of it, in ms. */
  static final int SILENCE = 40_000;

  private final Endpoint endpoint;
  private final Socket socket;
  private final SSHClient client;
  private final int silence;
  private final AtomicReference<@Nullable Broken> broken = new AtomicReference<>();

  private record Broken(boolean byServer, String why) {}

  /**
   * @param silence longest silence of the server, in ms
   */
  Wire(Endpoint endpoint, Socket socket, Config config, int silence) {
    this.endpoint = endpoint;
    this.socket = socket;
    this.silence = silence;
    this.client = new SSHClient(config);
    client.setSocketFactory(new Connected(socket));
    client.setTimeout(silence);
    // Every wait of sshj ends when the socket is closed, which a Deadline does.
    client.getTransport().setTimeoutMs(Integer.MAX_VALUE);
    client.getConnection().setTimeoutMs(Integer.MAX_VALUE);
    client.getTransport().setDisconnectListener(this);
  }

  Endpoint endpoint() {
    return endpoint;
  }

  Socket socket() {
    return socket;
  }

  SSHClient client() {
    return client;
  }

  /**
   * sshj calls this before it tells anybody who waits. It then goes on to write a farewell, for
   * which it may wait for a writer that is stuck for ever; so the socket is closed here.
   */
  @Override
  public void notifyDisconnect(DisconnectReason reason, @Nullable String message) {
    if (reason != DisconnectReason.BY_APPLICATION) {
      breakOff(reason != DisconnectReason.UNKNOWN, message == null ? reason.toString() : message);
    }
  }

  /** Closes the socket; the first reason is kept. */
  void breakOff(boolean byServer, String why) {
    broken.compareAndSet(null, new Broken(byServer, why));
    Deadline.closeQuietly(socket);
  }

  boolean isBroken() {
    return broken.get() != null || socket.isClosed();
  }

  /** Whether the server said goodbye, with a reason. */
  boolean wasDisconnected() {
    Broken known = broken.get();
    return known != null && known.byServer();
  }

  /** Why it broke, in the words of the server or of the JDK. */
  String whyBroken() {
    Broken known = broken.get();
    return known == null ? "closed" : known.why();
  }

  /**
   * Starts to ask for signs of life. Only now, as sshj may otherwise ask in the middle of the key
   * exchange, which servers answer by hanging up.
   */
  void keepAlive() {
    KeepAliveRunner keepAlive = (KeepAliveRunner) client.getConnection().getKeepAlive();
    // It has nothing to say about who is dead; whoever is stuck in a write never counts to the end.
    keepAlive.setMaxAliveCount(Integer.MAX_VALUE);
    keepAlive.setKeepAliveInterval(Math.max(1, silence / 4000));
    keepAlive.setName("workr-ssh-keepalive-" + endpoint.hostname());
    keepAlive.start();
  }

  /** Says goodbye if the server can still hear it, and ends every thread of the connection. */
  void close() {
    try {
      client.disconnect();
    } catch (IOException e) {
      // It was being given up.
    }
    Deadline.closeQuietly(socket);
  }

  /**
   * What to tell when something failed while {@code doing}.
   *
   * @param otherwise the kind when neither the deadline nor an interrupt explains it
   * @param whatToDo when that kind it is
   */
  ConnectionException failure(
      Deadline deadline, Kind otherwise, String doing, String whatToDo, Exception cause) {
    if (Thread.currentThread().isInterrupted()) {
      return new ConnectionException(
          Kind.INTERRUPTED, endpoint, "interrupted while " + doing, "Run it again.", cause);
    }
    if (deadline.isOver()) {
      return new ConnectionException(
          Kind.TIMED_OUT,
          endpoint,
          doing + " took more than " + Dialer.seconds(deadline.limit()),
          "See on the machine what it is busy with, or whether the network loses packets.",
          cause);
    }
    String why = isBroken() ? whyBroken() : String.valueOf(cause.getMessage());
    return new ConnectionException(
        otherwise,
        endpoint,
        "the connection broke while " + doing + " (" + why + ")",
        whatToDo,
        cause);
  }

  /** Hands sshj the one socket that is connected already. */
  private static final class Connected extends SocketFactory {
    private final Socket socket;

    Connected(Socket socket) {
      this.socket = socket;
    }

    @Override
    public Socket createSocket() {
      return socket;
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
      throw new UnsupportedOperationException();
    }
  }
}
