package org.workr.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.workr.connection.ConnectionException.Kind;
import org.workr.value.Fingerprint;

/**
 * What every {@link Connector} promises, shown with commands for {@code sh}. Each subclass brings a
 * host on which they run.
 */
@Timeout(60)
public abstract class ConnectionContract {

  protected static final Duration LONG = Duration.ofSeconds(50);
  protected static final Fingerprint NOBODYS = new Fingerprint("SHA256:" + "A".repeat(42) + "E");

  protected Connector connector;

  /** A connector with a key that the host takes. */
  protected abstract Connector newConnector();

  /** The host, with the key that it has. */
  protected abstract Endpoint endpoint();

  /** An endpoint at which nothing listens. */
  protected abstract Endpoint deadEndpoint();

  /** A command after which the connection is gone while the command still ran. */
  protected abstract String commandThatBreaksTheConnection();

  @BeforeEach
  final void open() {
    connector = newConnector();
  }

  @AfterEach
  final void close() {
    connector.close();
  }

  protected final Connection connect() throws ConnectionException {
    return connector.connect(endpoint(), LONG);
  }

  /** What a command printed and how it ended. */
  protected record Run(List<String> lines, ExecResult result) {}

  protected static Run run(Connection connection, String command, Payload stdin)
      throws ConnectionException {
    List<String> lines = new ArrayList<>();
    ExecResult result = connection.exec(command, stdin, lines::add, LONG);
    return new Run(lines, result);
  }

  protected static Run run(Connection connection, String command) throws ConnectionException {
    return run(connection, command, Payload.none());
  }

  protected static Endpoint accepting(Endpoint endpoint, List<Fingerprint> keys) {
    return new Endpoint(
        endpoint.hostname(), endpoint.address(), endpoint.port(), endpoint.user(), keys);
  }

  protected static ConnectionException failure(ThrowingCall call) {
    ConnectionException e = catchThrowableOfType(ConnectionException.class, call::run);
    assertThat(e).as("the call fails").isNotNull();
    return e;
  }

  /** Something that should fail. */
  protected interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void runsACommandAndDeliversItsLinesAndStatus() throws Exception {
    try (Connection connection = connect()) {
      Run run = run(connection, "echo one; echo two; echo oops >&2; exit 3");

      assertThat(run.lines()).containsExactly("one", "two");
      assertThat(run.result()).isEqualTo(new ExecResult(3, null, "oops\n"));
      assertThat(run.result().succeeded()).isFalse();
      assertThat(run.result().ending()).isEqualTo("exit status 3");
    }
  }

  @Test
  void reportsSuccessAndStatus255() throws Exception {
    try (Connection connection = connect()) {
      assertThat(run(connection, "true").result().succeeded()).isTrue();
      assertThat(run(connection, "exit 255").result().exitStatus()).isEqualTo(255);
    }
  }

  @Test
  void tellsTheSignalThatEndedACommand() throws Exception {
    try (Connection connection = connect()) {
      ExecResult result = run(connection, "kill -KILL $$").result();

      assertThat(result.exitStatus()).isNull();
      assertThat(result.signal()).isEqualTo("KILL");
      assertThat(result.succeeded()).isFalse();
      assertThat(result.ending()).isEqualTo("signal KILL");
    }
  }

  @Test
  @SuppressWarnings("try") // closed on purpose
  void knowsWhereItIsConnectedAndWhatTheServerProved() throws Exception {
    try (Connection connection = connect()) {
      assertThat(connection.endpoint()).isEqualTo(endpoint());
      assertThat(endpoint().acceptedHostKeys()).contains(connection.hostKey());
      assertThat(connection.authentication()).isEqualTo("publickey");
      assertThat(connection.isOpen()).isTrue();
      connection.close();
      assertThat(connection.isOpen()).isFalse();
      connection.close();
    }
  }

  @Test
  void deliversALineBeforeTheCommandHasRead() throws Exception {
    CountDownLatch first = new CountDownLatch(1);
    Payload afterFirstLine =
        out -> {
          try {
            if (!first.await(40, TimeUnit.SECONDS)) {
              throw new IOException("the first line did not arrive");
            }
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
          out.write("answer\n".getBytes(StandardCharsets.UTF_8));
        };
    List<String> lines = new ArrayList<>();
    Thread caller = Thread.currentThread();
    List<Thread> threads = new ArrayList<>();
    try (Connection connection = connect()) {
      connection.exec(
          "echo question; read answer; echo \"got $answer\"",
          afterFirstLine,
          line -> {
            lines.add(line);
            threads.add(Thread.currentThread());
            first.countDown();
          },
          LONG);
    }
    assertThat(lines).containsExactly("question", "got answer");
    assertThat(threads).containsOnly(caller);
  }

  @Test
  void closesStdinAfterThePayload() throws Exception {
    try (Connection connection = connect()) {
      assertThat(run(connection, "cat; echo end", Payload.text("no line feed")).lines())
          .containsExactly("no line feedend");
      assertThat(run(connection, "cat; echo end").lines()).containsExactly("end");
    }
  }

  @Test
  void carriesEveryByteOfFiveMegabytes() throws Exception {
    byte[] bytes = new byte[5_000_000];
    new SplittableRandom(17).nextBytes(bytes);
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    try (Connection connection = connect()) {
      Payload inUnequalPieces =
          out -> {
            for (int at = 0, size = 1; at < bytes.length; at += size, size = size * 3 % 70_001) {
              out.write(bytes, at, Math.min(size, bytes.length - at));
            }
          };
      assertThat(run(connection, "sha256sum", inUnequalPieces).lines())
          .containsExactly(sum + "  -");
    }
  }

  @Test
  void echoesFiveMegabytesWhileTheyAreWritten() throws Exception {
    String line = "x".repeat(99) + "\n";
    Payload payload =
        out -> {
          for (int i = 0; i < 50_000; i++) {
            out.write(line.getBytes(StandardCharsets.UTF_8));
          }
        };
    AtomicInteger lines = new AtomicInteger();
    try (Connection connection = connect()) {
      ExecResult result =
          connection.exec("tee /dev/stderr", payload, l -> lines.incrementAndGet(), LONG);
      assertThat(result.succeeded()).isTrue();
      assertThat(lines).hasValue(50_000);
      assertThat(result.stderr())
          .hasSize(Connection.STDERR_KEPT)
          .endsWith(line)
          .matches(text -> text.chars().allMatch(c -> c == 'x' || c == '\n'));
    }
  }

  @Test
  void takesTwentyMegabytesOfOutput() throws Exception {
    AtomicLong characters = new AtomicLong();
    try (Connection connection = connect()) {
      ExecResult result =
          connection.exec(
              "head -c 20000000 /dev/zero | tr '\\0' x | fold -w 1000",
              Payload.none(),
              line -> characters.addAndGet(line.length()),
              LONG);
      assertThat(result.succeeded()).isTrue();
      assertThat(characters).hasValue(20_000_000);
    }
  }

  @Test
  void endsWithACommandThatDoesNotReadItsStdin() throws Exception {
    byte[] bytes = new byte[5_000_000];
    try (Connection connection = connect()) {
      assertThat(run(connection, "exit 7", out -> out.write(bytes)).result().exitStatus())
          .isEqualTo(7);
      assertThat(run(connection, "echo still usable").lines()).containsExactly("still usable");
    }
  }

  @Test
  void decodesUtf8AndReplacesWhatIsNone() throws Exception {
    String text = "grüße ∑ 𝄞";
    try (Connection connection = connect()) {
      assertThat(run(connection, "cat; printf 'a\\377b\\n'", Payload.text(text + "\n")).lines())
          .containsExactly(text, "a\uFFFDb");
      assertThat(run(connection, "echo 'grüße'; echo 'ärger' >&2").result().stderr())
          .isEqualTo("ärger\n");
    }
  }

  @Test
  void cutsALineThatIsTooLong() throws Exception {
    try (Connection connection = connect()) {
      Run run = run(connection, "head -c 3000000 /dev/zero | tr '\\0' x; echo; echo next");

      assertThat(run.lines()).hasSize(2);
      assertThat(run.lines().get(0))
          .hasSize(Connection.LONGEST_LINE + Connection.CUT_MARK.length())
          .endsWith("x" + Connection.CUT_MARK);
      assertThat(run.lines().get(1)).isEqualTo("next");
    }
  }

  @Test
  void givesCommandsNoTerminal() throws Exception {
    try (Connection connection = connect()) {
      Run run = run(connection, "for fd in 0 1 2; do test -t $fd && echo terminal; done; echo end");
      assertThat(run.lines()).containsExactly("end");
    }
  }

  @Test
  void runsCommandsOneAfterTheOtherAndSideBySide() throws Exception {
    try (Connection connection = connect()) {
      for (int i = 0; i < 20; i++) {
        assertThat(run(connection, "echo " + i).lines()).containsExactly(String.valueOf(i));
      }
      CountDownLatch otherIsDone = new CountDownLatch(1);
      CompletableFuture<Run> waiting =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return run(
                      connection,
                      "cat",
                      out -> {
                        out.write("begin\n".getBytes(StandardCharsets.UTF_8));
                        awaitQuietly(otherIsDone);
                      });
                } catch (ConnectionException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(run(connection, "echo other").lines()).containsExactly("other");
      otherIsDone.countDown();
      assertThat(waiting.get(40, TimeUnit.SECONDS).lines()).containsExactly("begin");
    }
  }

  @Test
  void givesUpACommandAtItsLimit() throws Exception {
    try (Connection connection = connect()) {
      WipeProbe payload = new WipeProbe("secret");
      ConnectionException e =
          failure(
              () -> connection.exec("cat; sleep 100", payload, line -> {}, Duration.ofMillis(500)));

      assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
      assertThat(payload.isWiped()).isTrue();
      assertThat(connection.isOpen()).isFalse();
      assertThat(failure(() -> run(connection, "true")).kind()).isEqualTo(Kind.LOST);
    }
  }

  @Test
  void givesUpWritingAtTheLimit() throws Exception {
    try (Connection connection = connect()) {
      byte[] bytes = new byte[20_000_000];
      ConnectionException e =
          failure(
              () ->
                  connection.exec(
                      "sleep 100", out -> out.write(bytes), line -> {}, Duration.ofMillis(500)));
      assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT);
    }
  }

  @Test
  void wipesThePayloadAfterwards() throws Exception {
    try (Connection connection = connect()) {
      WipeProbe payload = new WipeProbe("pass word\n");
      assertThat(run(connection, "cat", payload).lines()).containsExactly("pass word");
      assertThat(payload.isWiped()).isTrue();
    }
  }

  @Test
  void noticesThatTheConnectionBreaks() throws Exception {
    try (Connection connection = connect()) {
      WipeProbe payload = new WipeProbe("secret");
      ConnectionException e =
          failure(() -> run(connection, commandThatBreaksTheConnection(), payload));

      assertThat(e.kind()).isEqualTo(Kind.LOST);
      assertThat(e).hasMessageContaining(endpoint().toString());
      assertThat(connection.isOpen()).isFalse();
      assertThat(payload.isWiped()).isTrue();
    }
  }

  @Test
  @SuppressWarnings("try") // closed on purpose
  void refusesToRunOnAClosedConnection() throws Exception {
    try (Connection connection = connect()) {
      connection.close();
      WipeProbe payload = new WipeProbe("secret");
      assertThat(failure(() -> run(connection, "true", payload)).kind()).isEqualTo(Kind.LOST);
      assertThat(payload.isWiped()).isTrue();
    }
  }

  @Test
  void closingTheConnectorEndsWhatRuns() throws Exception {
    Connection connection = connect();
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<Kind> kind =
        CompletableFuture.supplyAsync(
            () ->
                failure(
                        () ->
                            connection.exec(
                                "echo running; sleep 100",
                                Payload.none(),
                                line -> running.countDown(),
                                LONG))
                    .kind());
    assertThat(running.await(40, TimeUnit.SECONDS)).isTrue();
    connector.close();
    assertThat(kind.get(40, TimeUnit.SECONDS)).isEqualTo(Kind.LOST);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void throwsOnWhatTheReceiverOfLinesThrows() throws Exception {
    try (Connection connection = connect()) {
      IllegalStateException thrown = new IllegalStateException("no more of this");
      assertThatThrownBy(
              () ->
                  connection.exec(
                      "echo line; sleep 100",
                      Payload.none(),
                      line -> {
                        throw thrown;
                      },
                      LONG))
          .isSameAs(thrown);
      assertThat(connection.isOpen()).isFalse();
    }
  }

  @Test
  void givesUpAPayloadThatFails() throws Exception {
    try (Connection connection = connect()) {
      List<String> lines = new ArrayList<>();
      ConnectionException e =
          failure(
              () ->
                  connection.exec(
                      "read begin; echo $begin; cat; sleep 100",
                      out -> {
                        out.write("begin\n".getBytes(StandardCharsets.UTF_8));
                        throw new IOException("cannot go on");
                      },
                      lines::add,
                      LONG));
      assertThat(e.kind()).isEqualTo(Kind.LOST);
      assertThat(e).hasMessageContaining("input");
    }
  }

  @Test
  void endsWhenItsThreadIsInterrupted() throws Exception {
    try (Connection connection = connect()) {
      Thread caller = Thread.currentThread();
      ConnectionException e =
          failure(
              () ->
                  connection.exec(
                      "echo running; sleep 100", Payload.none(), line -> caller.interrupt(), LONG));
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
      assertThat(e.kind()).isEqualTo(Kind.INTERRUPTED);
    }
  }

  @Test
  void rejectsAServerWithAnotherKey() {
    Endpoint endpoint = accepting(endpoint(), List.of(NOBODYS));
    ConnectionException e = failure(() -> connector.connect(endpoint, LONG));

    assertThat(e.kind()).isEqualTo(Kind.HOST_KEY_REJECTED);
    assertThat(e)
        .hasMessageContaining(endpoint.toString())
        .hasMessageContaining(NOBODYS.value())
        .hasMessageContaining(endpoint().acceptedHostKeys().get(0).value());
  }

  @Test
  void rejectsEveryServerWhenNoKeyIsKnown() {
    Endpoint endpoint = accepting(endpoint(), List.of());
    assertThat(failure(() -> connector.connect(endpoint, LONG)).kind())
        .isEqualTo(Kind.HOST_KEY_REJECTED);
  }

  @Test
  void saysThatNobodyAnswers() {
    ConnectionException e = failure(() -> connector.connect(deadEndpoint(), LONG));

    assertThat(e.kind()).isEqualTo(Kind.UNREACHABLE);
    assertThat(e).hasMessageContaining(deadEndpoint().toString());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(40, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A payload that knows whether it was wiped. */
  protected static final class WipeProbe implements Payload {
    private @Nullable String content;

    public WipeProbe(String content) {
      this.content = content;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
      ByteArrayOutputStream copy = new ByteArrayOutputStream();
      copy.writeBytes(String.valueOf(content).getBytes(StandardCharsets.UTF_8));
      copy.writeTo(out);
    }

    @Override
    public void wipe() {
      content = null;
    }

    public boolean isWiped() {
      return content == null;
    }
  }
}
