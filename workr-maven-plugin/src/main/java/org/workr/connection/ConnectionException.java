package org.workr.connection;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * A host could not be reached, or a connection to it did not last. The message says which host and
 * address, what happened and what to do; it never holds a secret.
 */
public final class ConnectionException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  /** What went wrong, as far as it makes a difference for what is done next. */
  public enum Kind {
    /** No SSH server answered: no route, refused, no such name, closed before it said anything. */
    UNREACHABLE,
    /** The server proved a host key that is not accepted. Nothing was sent to it. */
    HOST_KEY_REJECTED,
    /** The server is the right one and let nobody in. */
    AUTHENTICATION_FAILED,
    /** The server is the right one and would not run the command. */
    REFUSED,
    /** The connection broke. Whether the command ran, or still runs, is unknown. */
    LOST,
    /** The limit was over. Whether the command ran, or still runs, is unknown. */
    TIMED_OUT,
    /** The waiting thread was interrupted; its interrupt flag is set again. */
    INTERRUPTED
  }

  private final Kind kind;
  private final boolean silence;

  /**
   * @param what what happened: one sentence without a full stop
   * @param whatToDo whole sentences
   */
  public ConnectionException(
      Kind kind, Endpoint endpoint, String what, String whatToDo, @Nullable Throwable cause) {
    this(kind, endpoint, what, whatToDo, cause, false);
  }

  private ConnectionException(
      Kind kind,
      Endpoint endpoint,
      String what,
      String whatToDo,
      @Nullable Throwable cause,
      boolean silence) {
    super(endpoint + ": " + what + ". " + whatToDo, cause);
    this.kind = kind;
    this.silence = silence;
  }

  /** The same, when not so much as a refusal came from the address. */
  public static ConnectionException silence(
      Kind kind, Endpoint endpoint, String what, String whatToDo, Throwable cause) {
    return new ConnectionException(kind, endpoint, what, whatToDo, cause, true);
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /** Whether there is no sign of a machine at the address: one that refuses is there. */
  public boolean isSilence() {
    return silence;
  }
}
