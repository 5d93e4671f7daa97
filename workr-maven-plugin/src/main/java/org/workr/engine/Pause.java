package org.workr.engine;

/** Waiting between two attempts. */
final class Pause {
  private Pause() {}

  /** One second; an interrupt ends the run of the host. */
  static void oneSecond() throws HostException {
    try {
      Thread.sleep(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HostException("the run was interrupted");
    }
  }
}
