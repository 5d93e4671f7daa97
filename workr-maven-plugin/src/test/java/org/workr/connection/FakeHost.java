package org.workr.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.workr.connection.ConnectionException.Kind;
import org.workr.value.Fingerprint;

/**
 * What answers at an address of a {@link RecordingConnector}.
 *
 * @param hostKey the key that it proves
 * @param authentication how it lets accounts in: {@code publickey} or {@code password}
 * @param program what it does with a command
 */
public record FakeHost(Fingerprint hostKey, String authentication, Program program) {

  /** A host that lets accounts in by their key. */
  public FakeHost(Fingerprint hostKey, Program program) {
    this(hostKey, "publickey", program);
  }

  /** Does what a shell on the host would do. Called on a thread of its own for each command. */
  @FunctionalInterface
  public interface Program {

    /**
     * Runs one command to its end.
     *
     * @throws Broken when the connection fails in the middle of it
     */
    Ending run(String command, InputStream stdin, OutputStream stdout, OutputStream stderr)
        throws IOException, InterruptedException, Broken;
  }

  /** How a command ends. */
  public record Ending(@Nullable Integer status, @Nullable String signal) {
    /** An exit status. */
    public static Ending of(int status) {
      return new Ending(status, null);
    }
  }

  /** Thrown by a program to make the connection fail. */
  public static final class Broken extends Exception {
    private static final long serialVersionUID = 1L;
    private final Kind kind;

    /** Fails with this kind: {@code LOST}, or {@code REFUSED} if the command never started. */
    public Broken(Kind kind) {
      super(kind.name());
      this.kind = kind;
    }

    Kind kind() {
      return kind;
    }
  }

  /**
   * What a simple host says to a command.
   *
   * @param stdout all of its output
   */
  public record Answer(String stdout, String stderr, int status) {
    /** Success with this output. */
    public static Answer ok(String stdout) {
      return new Answer(stdout, "", 0);
    }
  }

  /** A host that reads all of stdin and then answers at once, given the command and the stdin. */
  public static FakeHost answering(
      Fingerprint hostKey, BiFunction<String, String, Answer> answers) {
    return new FakeHost(
        hostKey,
        (command, stdin, stdout, stderr) -> {
          String input = new String(stdin.readAllBytes(), StandardCharsets.UTF_8);
          Answer answer = answers.apply(command, input);
          stdout.write(answer.stdout().getBytes(StandardCharsets.UTF_8));
          stderr.write(answer.stderr().getBytes(StandardCharsets.UTF_8));
          return Ending.of(answer.status());
        });
  }
}
