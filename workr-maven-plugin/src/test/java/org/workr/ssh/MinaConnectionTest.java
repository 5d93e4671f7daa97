package org.workr.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionContract;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Connector;
import org.workr.connection.Endpoint;
import org.workr.connection.ExecResult;

/** The contract with a server in this JVM, and what only that one can be made to do. */
class MinaConnectionTest extends ConnectionContract {

  @TempDir static Path directory;
  private static Path key;
  private static MinaServer server;
  private static int deadPort;

  @BeforeAll
  static void start() throws Exception {
    key = SshKeygen.make(directory.resolve("id_rsa"), "rsa");
    server = new MinaServer(directory.resolve("mina"), "rsa").authorizing(key).start();
    deadPort = OpenSshServer.freePort();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Override
  protected Connector newConnector() {
    return new SshjConnector(TestCredentials.key(key));
  }

  @Override
  protected Endpoint endpoint() {
    return server.endpoint("rsa");
  }

  @Override
  protected Endpoint deadEndpoint() {
    Endpoint alive = endpoint();
    return new Endpoint(
        alive.hostname(), alive.address(), deadPort, alive.user(), alive.acceptedHostKeys());
  }

  @Override
  protected String commandThatBreaksTheConnection() {
    return MinaCommand.HANG_UP;
  }

  @Test
  void acceptsAServerThatSendsNoStatus() throws Exception {
    try (Connection connection = connect()) {
      Run run = run(connection, MinaCommand.NO_STATUS);

      assertThat(run.lines()).containsExactly("line");
      assertThat(run.result()).isEqualTo(new ExecResult(null, null, ""));
      assertThat(run.result().succeeded()).isFalse();
      assertThat(run.result().ending()).isEqualTo("no exit status");
    }
  }

  @RepeatedTest(30) // who is faster, the end of the output or that of the connection, is chance
  void knowsTheStatusOfAServerThatIsGoneRightAfterIt() throws Exception {
    try (Connection connection = connect()) {
      assertThat(run(connection, MinaCommand.STATUS_AND_GONE).result().exitStatus()).isEqualTo(5);
    }
  }

  @Test
  void saysThatTheServerRunsNoCommands() throws Exception {
    try (MinaServer deaf = new MinaServer(directory.resolve("deaf"), "rsa").authorizing(key)) {
      deaf.settings().setCommandFactory(null);
      deaf.start();
      try (Connection connection = connector.connect(deaf.endpoint("rsa"), LONG)) {
        WipeProbe payload = new WipeProbe("secret");
        assertThat(failure(() -> run(connection, "true", payload)).kind()).isEqualTo(Kind.REFUSED);
        assertThat(payload.isWiped()).isTrue();
        assertThat(connection.isOpen()).isTrue();
      }
    }
  }

  @Test
  void doesNotWaitForATightWindowWhenTheCommandHasEnded() throws Exception {
    try (MinaServer tight = new MinaServer(directory.resolve("tight"), "rsa").authorizing(key)) {
      CoreModuleProperties.WINDOW_SIZE.set(tight.settings(), 4096L);
      CoreModuleProperties.MAX_PACKET_SIZE.set(tight.settings(), 2048L);
      tight.start();
      try (Connection connection = connector.connect(tight.endpoint("rsa"), LONG)) {
        byte[] bytes = new byte[300_000];
        assertThat(run(connection, "exit 4", out -> out.write(bytes)).result().exitStatus())
            .isEqualTo(4);
        assertThat(run(connection, "wc -c", out -> out.write(bytes)).lines())
            .containsExactly("300000");
      }
    }
  }

  @Test
  void usesOneTcpConnectionForEverything() throws Exception {
    int before = server.connections();
    try (Connection connection = connect()) {
      run(connection, "true");
      run(connection, "true");
    }
    assertThat(server.connections() - before).isEqualTo(1);
    assertThat(List.copyOf(server.logins())).allMatch(("publickey " + MinaServer.USER)::equals);
  }
}
