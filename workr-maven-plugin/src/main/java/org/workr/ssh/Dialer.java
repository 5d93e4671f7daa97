package org.workr.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Endpoint;

/** Opens the TCP connection: looks the name up, tries its addresses in turn, all within a limit. */
final class Dialer {

  private Dialer() {}

  /** A connected socket that sends small packets at once; sshj leaves Nagle's algorithm on. */
  static Socket dial(Endpoint endpoint, Deadline deadline) throws ConnectionException {
    InetAddress[] addresses = resolve(endpoint, deadline);
    @Nullable IOException last = null;
    for (int i = 0; i < addresses.length; i++) {
      Socket socket = new WatchedSocket();
      try {
        socket.setTcpNoDelay(true);
        int share = Math.max(1, deadline.leftMillis() / (addresses.length - i));
        socket.connect(new InetSocketAddress(addresses[i], endpoint.port()), share);
        return socket;
      } catch (IOException e) {
        Deadline.closeQuietly(socket);
        last = e;
      }
    }
    throw unreachable(endpoint, deadline.limit(), last);
  }

  private static InetAddress[] resolve(Endpoint endpoint, Deadline deadline)
      throws ConnectionException {
    CompletableFuture<InetAddress[]> answer = new CompletableFuture<>();
    // The JDK's look-up has no time limit and cannot be interrupted, so it gets a thread to hang
    // in.
    Thread lookup =
        new Thread(
            () -> {
              try {
                answer.complete(InetAddress.getAllByName(endpoint.address()));
              } catch (UnknownHostException e) {
                answer.completeExceptionally(e);
              }
            },
            "workr-ssh-lookup-" + endpoint.hostname());
    lookup.setDaemon(true);
    lookup.start();
    try {
      return answer.get(deadline.leftMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new ConnectionException(
          Kind.UNREACHABLE,
          endpoint,
          "the name '" + endpoint.address() + "' has no address",
          "Use an IP address, or a name that this machine can resolve.",
          e.getCause());
    } catch (TimeoutException e) {
      throw new ConnectionException(
          Kind.TIMED_OUT,
          endpoint,
          "looking up '" + endpoint.address() + "' took more than " + seconds(deadline.limit()),
          "Check the name servers of this machine, or use an IP address.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionException(Kind.INTERRUPTED, endpoint, "interrupted", "Run it again.", e);
    }
  }

  private static ConnectionException unreachable(
      Endpoint endpoint, Duration limit, @Nullable IOException cause) {
    if (cause instanceof SocketTimeoutException) {
      return ConnectionException.silence(
          Kind.TIMED_OUT,
          endpoint,
          "nothing answered within " + seconds(limit),
          "Check that the machine is switched on, that the address is its own, and that no firewall"
              + " drops the port.",
          cause);
    }
    if (cause instanceof NoRouteToHostException) {
      return ConnectionException.silence(
          Kind.UNREACHABLE,
          endpoint,
          "there is no way to this address (" + cause.getMessage() + ")",
          "Check that the machine is switched on, and the network between it and this one.",
          cause);
    }
    return new ConnectionException(
        Kind.UNREACHABLE,
        endpoint,
        "no connection (" + (cause == null ? "no address" : cause.getMessage()) + ")",
        "Check that an SSH server listens on this port: systemctl status ssh.",
        cause);
  }

  /** A duration as messages show it: {@code 1.5 s}. */
  static String seconds(Duration duration) {
    long tenths = duration.toMillis() / 100;
    return (tenths % 10 == 0 ? String.valueOf(tenths / 10) : tenths / 10 + "." + tenths % 10)
        + " s";
  }
}
