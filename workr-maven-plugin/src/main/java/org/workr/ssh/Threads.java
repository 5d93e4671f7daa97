package org.workr.ssh;

/** Waiting for threads that are known to be at their end. */
final class Threads {

  private Threads() {}

  /** Joins {@code thread}; an interrupt is kept for the caller. */
  static void joinUninterruptibly(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
