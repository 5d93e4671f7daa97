package org.workr.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.impl.RememberingLogger;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.Endpoint;
import org.workr.connection.Payload;
import org.workr.connection.SecretPayload;

/**
 * Nothing that passes through a connection is logged, also with every logger at its lowest level.
 */
@Timeout(120)
class SilenceTest {

  private static final Duration LIMIT = Duration.ofSeconds(100);
  private static final String CANARY = "canaryInTheMine";

  @TempDir Path directory;

  private static void use(SshjConnector connector, Endpoint endpoint) throws Exception {
    try (Connection connection = connector.connect(endpoint, LIMIT)) {
      List<String> lines = new ArrayList<>();
      SecretPayload payload = new SecretPayload().secret((CANARY + "\n").toCharArray());
      connection.exec("tee /dev/stderr", payload, lines::add, LIMIT);
      assertThat(lines).containsExactly(CANARY);
      connection.exec("true", out -> out.write(new byte[4_000_000]), line -> {}, LIMIT);
      failure(
          () -> connection.exec("sleep 200", Payload.none(), line -> {}, Duration.ofMillis(200)));
    }
  }

  private static void failure(ThrowingCall call) {
    assertThat(catchThrowableOfType(ConnectionException.class, call::run)).isNotNull();
  }

  private interface ThrowingCall {
    void run() throws Exception;
  }

  @Test
  void logsNothingThatMatters() throws Exception {
    Path key = SshKeygen.make(directory.resolve("id"), "ed25519", "-N", CANARY);
    Path sshd = Files.createDirectory(directory.resolve("sshd"));
    try (OpenSshServer server = new OpenSshServer(sshd, List.of(SshKeygen.publicKey(key)));
        SshjConnector connector = new SshjConnector(TestCredentials.key(key, CANARY))) {
      use(connector, server.endpoint("ed25519"));
      use(connector, server.endpoint("ecdsa"));
      use(connector, server.endpoint("rsa"));
      Connection lost = connector.connect(server.endpoint("rsa"), LIMIT);
      failure(
          () ->
              lost.exec(
                  "kill -KILL $PPID; sleep 9",
                  out -> out.write(new byte[4_000_000]),
                  line -> {},
                  LIMIT));
    }
    try (MinaServer server = new MinaServer(directory.resolve("mina"), "ecdsa");
        SshjConnector connector =
            new SshjConnector(TestCredentials.withPasswords("wrong" + CANARY, CANARY))) {
      server.password(CANARY, "keyboard-interactive").start();
      use(connector, server.endpoint("ecdsa"));
      server.password(CANARY, "password");
      use(connector, server.endpoint("ecdsa"));
      Connection lost = connector.connect(server.endpoint("ecdsa"), LIMIT);
      failure(
          () ->
              lost.exec(
                  MinaCommand.HANG_UP, out -> out.write(new byte[4_000_000]), l -> {}, LIMIT));
    }

    LoggerFactory.getLogger("net.schmizz.control").trace("heard");
    List<RememberingLogger.Entry> entries = RememberingLogger.entries();
    assertThat(entries).extracting(RememberingLogger.Entry::text).contains("heard");
    String hex = HexFormat.ofDelimiter(" ").formatHex(CANARY.getBytes(StandardCharsets.UTF_8));
    assertThat(entries)
        .noneMatch(entry -> entry.text().contains(CANARY) || entry.text().contains(hex))
        .noneMatch(entry -> entry.level().compareTo(Level.INFO) <= 0);
  }
}
