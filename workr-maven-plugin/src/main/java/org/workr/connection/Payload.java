package org.workr.connection;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Bytes for the stdin of one command. May hold secrets, so no payload says anything of its content
 * in {@code toString}.
 */
@FunctionalInterface
public interface Payload {

  /**
   * Writes everything; called at most once, not on the thread that runs the command. The stream is
   * closed by the caller.
   */
  void writeTo(OutputStream out) throws IOException;

  /** Overwrites every secret in it; called after writing, and also when nothing was written. */
  default void wipe() {}

  /** No bytes: the command sees the end of its stdin at once. */
  static Payload none() {
    return out -> {};
  }

  /** Text without a secret, as UTF-8. */
  static Payload text(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
