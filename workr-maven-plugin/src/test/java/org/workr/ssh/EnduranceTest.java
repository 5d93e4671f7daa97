package org.workr.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Endpoint;
import org.workr.connection.Payload;

/** Many connections, dead ones, and what stays behind of them, with a real OpenSSH server. */
@Timeout(120)
class EnduranceTest {

  private static final Duration LONG = Duration.ofSeconds(100);

  @TempDir static Path directory;
  @TempDir static Path serverDirectory;
  private static Path key;
  private static OpenSshServer server;

  @BeforeAll
  static void start() throws Exception {
    key = SshKeygen.make(directory.resolve("id_ed25519"), "ed25519");
    server = new OpenSshServer(serverDirectory, List.of(SshKeygen.publicKey(key)), "MaxSessions 2");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Endpoint endpoint() {
    return server.endpoint("ed25519");
  }

  private static List<String> lines(Connection connection, String command) throws Exception {
    List<String> lines = new ArrayList<>();
    connection.exec(command, Payload.none(), lines::add, LONG);
    return lines;
  }

  private static ConnectionException failure(ThrowingCall call) {
    ConnectionException e = catchThrowableOfType(ConnectionException.class, call::run);
    assertThat(e).as("the call fails").isNotNull();
    return e;
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void opensThirtyConnectionsAtOnce() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(30);
    CountDownLatch allConnected = new CountDownLatch(30);
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key))) {
      List<Future<List<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        String command = "echo " + i;
        answers.add(
            pool.submit(
                () -> {
                  try (Connection connection = connector.connect(endpoint(), LONG)) {
                    allConnected.countDown();
                    assertThat(allConnected.await(90, TimeUnit.SECONDS)).isTrue();
                    return lines(connection, command);
                  }
                }));
      }
      for (int i = 0; i < 30; i++) {
        assertThat(answers.get(i).get()).containsExactly(String.valueOf(i));
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void survivesThatTheServerOpensNoFurtherSession() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(2);
    CountDownLatch bothRun = new CountDownLatch(2);
    CountDownLatch refused = new CountDownLatch(1);
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key));
        Connection connection = connector.connect(endpoint(), LONG)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        running.add(
            pool.submit(
                () ->
                    connection.exec(
                        "echo running; cat",
                        out -> awaitQuietly(refused),
                        line -> bothRun.countDown(),
                        LONG)));
      }
      assertThat(bothRun.await(90, TimeUnit.SECONDS)).isTrue();

      ConnectionException e = failure(() -> lines(connection, "true"));

      assertThat(e.kind()).isEqualTo(Kind.REFUSED);
      assertThat(e).hasMessageContaining("MaxSessions");
      refused.countDown();
      for (Future<?> each : running) {
        each.get();
      }
      assertThat(lines(connection, "echo again")).containsExactly("again");
    } finally {
      pool.shutdownNow();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(90, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void noticesASilentServerWhileItWaits() throws Exception {
    try (Relay relay = new Relay(endpoint().port());
        SshjConnector connector = new SshjConnector(TestCredentials.key(key), 12_000);
        Connection connection = connector.connect(relay.to(endpoint()), LONG)) {
      ConnectionException e =
          failure(
              () ->
                  connection.exec(
                      "echo begin; sleep 200", Payload.none(), line -> relay.freeze(), LONG));
      assertThat(e.kind()).isEqualTo(Kind.LOST);
      assertThat(e).hasMessageContaining("nothing was heard for 12 s");
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void noticesASilentServerWhileItWrites() throws Exception {
    byte[] bytes = "0123456789abcde\n".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
    try (Relay relay = new Relay(endpoint().port());
        SshjConnector connector = new SshjConnector(TestCredentials.key(key), 12_000);
        Connection connection = connector.connect(relay.to(endpoint()), LONG)) {
      ConnectionException e =
          failure(
              () ->
                  connection.exec(
                      "head -c 100000; cat > /dev/null",
                      out -> out.write(bytes),
                      line -> relay.freeze(),
                      LONG));
      assertThat(e.kind()).isEqualTo(Kind.LOST);
      assertThat(e).hasMessageContaining("nothing was heard for 12 s");
    }
  }

  @Test
  void doesNotTakeALongCommandForASilentServer() throws Exception {
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key), 12_000);
        Connection connection = connector.connect(endpoint(), LONG)) {
      assertThat(lines(connection, "sleep 15; echo done")).containsExactly("done");
    }
  }

  @Test
  void forgetsTheLimitOfACommandThatHasEnded() throws Exception {
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key));
        Connection connection = connector.connect(endpoint(), Duration.ofSeconds(20))) {
      connection.exec("true", Payload.none(), line -> {}, Duration.ofSeconds(20));
      assertThat(lines(connection, "sleep 21; echo done")).containsExactly("done");
    }
  }

  @Test
  void leavesNoThreadBehind() throws Exception {
    Set<Thread> before = threads();
    for (int i = 0; i < 3; i++) {
      try (SshjConnector connector = new SshjConnector(TestCredentials.key(key), 12_000)) {
        connector.connect(endpoint(), LONG).close();
        Connection abandoned = connector.connect(endpoint(), LONG);
        failure(
            () -> abandoned.exec("sleep 200", Payload.none(), line -> {}, Duration.ofMillis(1)));
        Connection lost = connector.connect(endpoint(), LONG);
        failure(
            () ->
                lost.exec(
                    "kill -KILL $PPID; sleep 9",
                    out -> out.write(new byte[9_000_000]),
                    x -> {},
                    LONG));
      }
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Set<Thread> left = left(before);
    while (!left.isEmpty() && System.nanoTime() < end) {
      left.iterator().next().join(100);
      left = left(before);
    }
    assertThat(left).isEmpty();
  }

  private static Set<Thread> left(Set<Thread> before) {
    Set<Thread> left = threads();
    left.removeAll(before);
    return left;
  }

  /** All but those of the JDK itself. */
  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isAlive() && !thread.getName().equals("process reaper"))
        .collect(Collectors.toSet());
  }
}
