package org.workr.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The moment at which something must have ended. sshj has time limits for single waits only, and
 * none that ends a blocked write; closing the socket under it ends every one of them.
 */
final class Deadline {

  private final Duration limit;
  private final long end;

  private Deadline(Duration limit) {
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** The end of {@code limit} from now. */
  static Deadline in(Duration limit) {
    return new Deadline(limit);
  }

  /** The whole time that was given. */
  Duration limit() {
    return limit;
  }

  /** Whether it is past. */
  boolean isOver() {
    return end - System.nanoTime() <= 0;
  }

  /** What is left, at least 1 ms, as a time limit of 0 means none to a socket. */
  int leftMillis() {
    long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, left));
  }

  /** Closes {@code socket} when it is past, unless the result is cancelled before. */
  Future<?> guard(Socket socket, ScheduledExecutorService timer) {
    return timer.schedule(
        () -> closeQuietly(socket), end - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  /** Closes what there is nothing left to do about. */
  static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException gone) {
      // It was being given up.
    }
  }
}
