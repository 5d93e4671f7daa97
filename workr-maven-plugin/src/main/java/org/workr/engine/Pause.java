package org.workr.engine;

import java.time.Duration;

/** Waiting between two attempts. */
final class Pause {
  private Pause() {}

  /** One second. */
  static void oneSecond() throws HostException {
    of(Duration.ofSeconds(1));
  }

  /** Waits; an interrupt ends the run of the host. */
  static void of(Duration duration) throws HostException {
    try {
      Thread.sleep(duration.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostException("the run was interrupted");
    }
  }
}
