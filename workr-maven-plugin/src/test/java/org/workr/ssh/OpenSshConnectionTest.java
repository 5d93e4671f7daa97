package org.workr.ssh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.workr.connection.ConnectionContract;
import org.workr.connection.Connector;
import org.workr.connection.Endpoint;

/** The contract with the OpenSSH server of this machine. */
class OpenSshConnectionTest extends ConnectionContract {

  @TempDir static Path directory;
  private static Path key;
  private static OpenSshServer server;
  private static int deadPort;

  @BeforeAll
  static void start() throws Exception {
    key = SshKeygen.make(directory.resolve("id_ed25519"), "ed25519");
    server =
        new OpenSshServer(
            Files.createDirectory(directory.resolve("sshd")), List.of(SshKeygen.publicKey(key)));
    deadPort = OpenSshServer.freePort();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Override
  protected Connector newConnector() {
    return new SshjConnector(TestCredentials.key(key));
  }

  @Override
  protected Endpoint endpoint() {
    return server.endpoint("ed25519");
  }

  @Override
  protected Endpoint deadEndpoint() {
    Endpoint alive = endpoint();
    return new Endpoint(
        alive.hostname(), alive.address(), deadPort, alive.user(), alive.acceptedHostKeys());
  }

  /** The shell's parent is the server's process for this connection. */
  @Override
  protected String commandThatBreaksTheConnection() {
    return "echo begin; kill -KILL $PPID; sleep 10";
  }
}
