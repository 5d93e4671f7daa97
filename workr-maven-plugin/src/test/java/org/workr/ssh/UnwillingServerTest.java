package org.workr.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Endpoint;
import org.workr.value.Fingerprint;
import org.workr.value.Hostname;

/** What listens at an address but does not let us get as far as a command. */
@Timeout(60)
class UnwillingServerTest {

  private static final Duration SHORT = Duration.ofMillis(700);
  private static final Duration LONG = Duration.ofSeconds(50);

  private static ConnectionException refusal(Endpoint endpoint, Duration limit) {
    TestCredentials credentials = TestCredentials.withPasswords("canary");
    try (SshjConnector connector = new SshjConnector(credentials)) {
      ConnectionException e =
          catchThrowableOfType(ConnectionException.class, () -> connector.connect(endpoint, limit));
      assertThat(e).as("no connection").isNotNull();
      assertThat(e).hasMessageStartingWith(endpoint + ": ");
      assertThat(credentials.copies()).isEmpty();
      return e;
    }
  }

  private static Endpoint at(String address, int port) {
    return new Endpoint(
        new Hostname("unwilling"),
        address,
        port,
        "somebody",
        List.of(new Fingerprint("SHA256:" + "A".repeat(42) + "E")));
  }

  /** A server that says this to everybody who connects, and then waits or closes. */
  private static final class Speaker implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

    /** Kept from the garbage collector, which would close them. */
    private final List<Socket> open = new CopyOnWriteArrayList<>();

    Speaker(String words, boolean close) throws IOException {
      Thread thread =
          new Thread(
              () -> {
                try {
                  while (true) {
                    Socket socket = server.accept();
                    open.add(socket);
                    socket.getOutputStream().write(words.getBytes(StandardCharsets.US_ASCII));
                    if (close) {
                      socket.close();
                    }
                  }
                } catch (IOException e) {
                  // Closed.
                }
              });
      thread.setDaemon(true);
      thread.start();
    }

    Endpoint endpoint() {
      return at("127.0.0.1", server.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      server.close();
      for (Socket socket : open) {
        socket.close();
      }
    }
  }

  @Test
  void saysNothing() throws Exception {
    try (Speaker speaker = new Speaker("", false)) {
      ConnectionException e = refusal(speaker.endpoint(), SHORT);
      assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(e).hasMessageContaining("took more than 0.7 s");
    }
  }

  @Test
  void saysItsNameAndNothingElse() throws Exception {
    try (Speaker speaker = new Speaker("SSH-2.0-Silent\r\n", false)) {
      assertThat(refusal(speaker.endpoint(), SHORT).kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void closesAtOnce() throws Exception {
    try (Speaker speaker = new Speaker("", true)) {
      ConnectionException e = refusal(speaker.endpoint(), LONG);
      assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(e).hasMessageContaining("MaxStartups");
    }
  }

  @Test
  void isNoSshServer() throws Exception {
    try (Speaker speaker = new Speaker("HTTP/1.1 400 Bad Request\r\n\r\n", true)) {
      assertThat(refusal(speaker.endpoint(), LONG).kind()).isEqualTo(Kind.UNREACHABLE);
    }
  }

  @Test
  void talksNonsense() throws Exception {
    try (Speaker speaker = new Speaker("SSH-2.0-Odd\r\n" + "?".repeat(5000), false)) {
      assertThat(refusal(speaker.endpoint(), LONG).kind()).isEqualTo(Kind.UNREACHABLE);
    }
  }

  /** A listener whose queue is full lets what comes then pass unheard, as a dead machine does. */
  @Test
  void doesNotAnswer() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel first = SocketChannel.open(server.getLocalSocketAddress());
        SocketChannel second = SocketChannel.open(server.getLocalSocketAddress())) {
      ConnectionException e = refusal(at("127.0.0.1", server.getLocalPort()), SHORT);
      assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(e.isSilence()).isTrue();
      assertThat(first.isConnected() && second.isConnected()).isTrue();
    }
  }

  @Test
  void refuses() throws Exception {
    int port;
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    ConnectionException e = refusal(at("127.0.0.1", port), LONG);
    assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(e.isSilence()).isFalse();
  }

  @Test
  void hasNoAddress() {
    ConnectionException e = refusal(at("[no address]", 22), LONG);
    assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(e).hasMessageContaining("'[no address]' has no address");
  }

  @Test
  void takesForEverToCheckAPassword(@TempDir Path directory) throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    TestCredentials credentials = TestCredentials.withPasswords("canary");
    try (MinaServer server = new MinaServer(directory.resolve("mina"), "ecdsa");
        SshjConnector connector = new SshjConnector(credentials)) {
      server.password("canary", "password");
      server
          .settings()
          .setPasswordAuthenticator(
              (user, password, session) -> {
                try {
                  return never.await(40, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  return false;
                }
              });
      server.start();
      Endpoint endpoint = server.endpoint("ecdsa");
      ConnectionException e =
          catchThrowableOfType(
              ConnectionException.class, () -> connector.connect(endpoint, Duration.ofSeconds(15)));
      assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(e).hasMessageContaining("logging in took more than 15 s");
      assertThat(credentials.copies().get(0)).containsOnly('\0');
      never.countDown();
    }
  }
}
