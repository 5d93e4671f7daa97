package org.workr.connection;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Turns bytes that arrive in pieces into the lines that {@link Connection#exec} promises. For one
 * thread.
 */
public final class LineSplitter {

  private final Consumer<String> lines;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private boolean cut;

  /**
   * @param lines receives every line
   */
  public LineSplitter(Consumer<String> lines) {
    this.lines = lines;
  }

  /**
   * Takes the next {@code count} bytes of {@code bytes} and delivers the lines that end in them.
   */
  public void take(byte[] bytes, int count) {
    int start = 0;
    for (int i = 0; i < count; i++) {
      if (bytes[i] == '\n') {
        keep(bytes, start, i);
        deliver();
        start = i + 1;
      }
    }
    keep(bytes, start, count);
  }

  /** Delivers a last line that has no line feed, if there is one. */
  public void end() {
    if (line.size() > 0) {
      deliver();
    }
  }

  private void keep(byte[] bytes, int from, int to) {
    int room = Connection.LONGEST_LINE - line.size();
    line.write(bytes, from, Math.min(room, to - from));
    cut |= to - from > room;
  }

  private void deliver() {
    String text = line.toString(StandardCharsets.UTF_8);
    lines.accept(cut ? text + Connection.CUT_MARK : text);
    line.reset();
    cut = false;
  }
}
