package org.workr.connection;

import org.jspecify.annotations.Nullable;

/**
 * How a remote command ended.
 *
 * @param exitStatus 0 to 255, or null when the server sent none: a signal ended the command, or the
 *     server does not know
 * @param signal the name of the signal without {@code SIG}, such as {@code KILL}, or null
 * @param stderr the last {@link Connection#STDERR_KEPT} bytes of stderr, decoded as UTF-8
 */
public record ExecResult(@Nullable Integer exitStatus, @Nullable String signal, String stderr) {

  /** Whether the command ended with exit status 0; no status at all is not success. */
  public boolean succeeded() {
    return exitStatus != null && exitStatus == 0;
  }

  /** How it ended, in words: {@code exit status 3}, {@code signal KILL}. */
  public String ending() {
    if (exitStatus != null) {
      return "exit status " + exitStatus;
    }
    return signal != null ? "signal " + signal : "no exit status";
  }
}
