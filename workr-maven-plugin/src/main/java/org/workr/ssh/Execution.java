package org.workr.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.util.function.Consumer;
import net.schmizz.sshj.connection.channel.OpenFailException;
import net.schmizz.sshj.connection.channel.direct.Session;
import net.schmizz.sshj.connection.channel.direct.Session.Command;
import net.schmizz.sshj.connection.channel.direct.Signal;
import org.jspecify.annotations.Nullable;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.ExecResult;
import org.workr.connection.LineSplitter;
import org.workr.connection.Payload;

/**
 * One command on one channel. Stdout is read by the calling thread, stderr and stdin have a thread
 * each, so that none of the three ever waits for another. If anything but the command itself fails,
 * the whole connection is closed: what state the channel is in is unknown then.
 */
final class Execution {

  private static final int CHUNK = 1 << 15;
  private static final int OPEN_ATTEMPTS = 10;
  private static final int OPEN_PAUSE = 100; // ms

  private final Wire wire;
  private final Deadline deadline;

  Execution(Wire wire, Deadline deadline) {
    this.wire = wire;
    this.deadline = deadline;
  }

  ExecResult run(String command, Payload payload, Consumer<String> stdoutLine)
      throws ConnectionException {
    Command channel = open(command);
    StdinWriter stdin = new StdinWriter(wire, channel, payload);
    StderrReader stderr = new StderrReader(wire, channel.getErrorStream());
    boolean ended = false;
    try {
      stdin.start();
      stderr.start();
      readLines(channel, stdoutLine);
      waitForEnd(channel);
      ended = true;
    } catch (IOException e) {
      Exception payloadFailure = stdin.payloadFailure();
      throw lost("the command ran", payloadFailure == null ? e : payloadFailure);
    } finally {
      if (!ended) {
        wire.breakOff(false, "given up");
      }
      stdin.finish();
      stderr.finish();
    }
    return new ExecResult(channel.getExitStatus(), signal(channel), stderr.text());
  }

  private Command open(String command) throws ConnectionException {
    Session session = session();
    try {
      return session.exec(command);
    } catch (IOException e) {
      if (wire.isBroken()) {
        throw lost("the command was started", e);
      }
      Deadline.closeQuietly(session);
      throw new ConnectionException(
          Kind.REFUSED,
          wire.endpoint(),
          "the server does not run commands for this account",
          "Check ForceCommand, the account's shell, and restrictions in its authorized_keys.",
          e);
    }
  }

  /**
   * A session, the server permitting. OpenSSH counts one that has ended for a moment longer than it
   * takes us to ask for the next, which shows where MaxSessions is 1 or 2; so a refusal counts only
   * if it is repeated.
   */
  private Session session() throws ConnectionException {
    OpenFailException refusal = null;
    try {
      for (int i = 0; i < OPEN_ATTEMPTS; i++) {
        if (i > 0) {
          Thread.sleep(OPEN_PAUSE);
        }
        try {
          return wire.client().startSession();
        } catch (OpenFailException e) {
          refusal = e;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw lost("a session was opened", e);
    } catch (IOException | IllegalStateException e) {
      throw lost("a session was opened", e);
    }
    throw new ConnectionException(
        Kind.REFUSED,
        wire.endpoint(),
        "the server opens no further session (" + refusal + ")",
        "Run fewer commands at once on this connection, or raise MaxSessions in its sshd_config.",
        refusal);
  }

  /** A connection that breaks after the end of the output has taken nothing of it away. */
  private static void readLines(Command channel, Consumer<String> line) throws IOException {
    LineSplitter lines = new LineSplitter(line);
    InputStream stdout = channel.getInputStream();
    byte[] bytes = new byte[CHUNK];
    try {
      for (int count = stdout.read(bytes); count >= 0; count = stdout.read(bytes)) {
        lines.take(bytes, count);
      }
    } catch (IOException e) {
      if (!channel.isEOF()) {
        throw e;
      }
    }
    lines.end();
  }

  /** A machine that shuts down may send the status and be gone before it closes the channel. */
  private static void waitForEnd(Command channel) throws IOException {
    try {
      channel.join();
    } catch (IOException e) {
      if (channel.getExitStatus() == null) {
        throw e;
      }
    }
  }

  private static @Nullable String signal(Command channel) {
    Signal signal = channel.getExitSignal();
    return signal == null ? null : signal.toString();
  }

  private ConnectionException lost(String doing, Exception cause) {
    return wire.failure(
        deadline,
        Kind.LOST,
        doing,
        "Whether the command still runs there is unknown; run the same goal again.",
        cause);
  }
}
