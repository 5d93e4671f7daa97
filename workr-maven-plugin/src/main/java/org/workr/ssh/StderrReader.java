package org.workr.ssh;

import java.io.IOException;
import java.io.InputStream;
import org.workr.connection.Tail;

/** Reads a command's stderr to its end on a thread of its own, and keeps the last part of it. */
final class StderrReader {

  private final InputStream stderr;
  private final Tail tail = new Tail();
  private final Thread thread;

  StderrReader(Wire wire, InputStream stderr) {
    this.stderr = stderr;
    this.thread = new Thread(this::read, "workr-ssh-stderr-" + wire.endpoint().hostname());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Waits for the end of the stream, which comes with the end of the channel. */
  void finish() {
    Threads.joinUninterruptibly(thread);
  }

  /** The kept part, after {@link #finish}. */
  String text() {
    return tail.text();
  }

  private void read() {
    byte[] bytes = new byte[1 << 13];
    try {
      for (int count = stderr.read(bytes); count >= 0; count = stderr.read(bytes)) {
        tail.take(bytes, count);
      }
    } catch (IOException e) {
      // Whoever reads stdout meets the same, and tells.
    }
  }
}
