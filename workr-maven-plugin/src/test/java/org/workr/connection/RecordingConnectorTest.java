package org.workr.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.FakeHost.Answer;
import org.workr.connection.FakeHost.Broken;
import org.workr.connection.RecordingConnector.Closed;
import org.workr.connection.RecordingConnector.Connecting;
import org.workr.connection.RecordingConnector.Executed;
import org.workr.value.Fingerprint;
import org.workr.value.Hostname;

/** The recording connection keeps the contract, and its records are right. */
class RecordingConnectorTest extends ConnectionContract {

  private static final Fingerprint KEY = new Fingerprint("SHA256:" + "B".repeat(42) + "E");
  private static final Endpoint HOST =
      new Endpoint(new Hostname("fake"), "192.0.2.1", 22, "ubuntu", List.of(KEY));
  private static final LocalShell SHELL = new LocalShell();

  @Override
  protected Connector newConnector() {
    return new RecordingConnector()
        .host(
            HOST.address(),
            new FakeHost(
                KEY,
                (command, stdin, stdout, stderr) -> {
                  if (command.equals(commandThatBreaksTheConnection())) {
                    throw new Broken(Kind.LOST);
                  }
                  return SHELL.run(command, stdin, stdout, stderr);
                }));
  }

  @Override
  protected Endpoint endpoint() {
    return HOST;
  }

  @Override
  protected Endpoint deadEndpoint() {
    return new Endpoint(new Hostname("dead"), "192.0.2.2", 22, "ubuntu", List.of(KEY));
  }

  @Override
  protected String commandThatBreaksTheConnection() {
    return "break";
  }

  @Test
  void recordsWhatWasDone() throws Exception {
    RecordingConnector recorder =
        new RecordingConnector()
            .host(
                HOST.address(),
                FakeHost.answering(KEY, (command, stdin) -> Answer.ok(command + ":" + stdin)));
    try (Connection connection = recorder.connect(HOST, LONG)) {
      assertThat(recorder.openConnections()).isEqualTo(1);
      SecretPayload payload = new SecretPayload().text("a=").secret("b".toCharArray());
      assertThat(run(connection, "echo", payload).lines()).containsExactly("echo:a=b");
    }
    assertThat(recorder.events())
        .containsExactly(new Connecting(HOST), new Executed(HOST, "echo", "a=b"), new Closed(HOST));
    assertThat(recorder.events().toString()).doesNotContain("a=b");
    assertThat(recorder.openConnections()).isZero();
  }

  @Test
  void failsAsArranged() {
    RecordingConnector recorder =
        new RecordingConnector().failing(HOST.address(), Kind.AUTHENTICATION_FAILED);
    assertThat(failure(() -> recorder.connect(HOST, LONG)).kind())
        .isEqualTo(Kind.AUTHENTICATION_FAILED);
  }
}
