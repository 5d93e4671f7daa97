package org.workr.connection;

import java.nio.charset.StandardCharsets;

/** Keeps the last {@link Connection#STDERR_KEPT} bytes of what it is given. For one thread. */
public final class Tail {

  private final byte[] ring = new byte[Connection.STDERR_KEPT];
  private long taken;

  /** Takes the next {@code count} bytes of {@code bytes}. */
  public void take(byte[] bytes, int count) {
    for (int i = Math.max(0, count - ring.length); i < count; i++) {
      ring[(int) ((taken + i) % ring.length)] = bytes[i];
    }
    taken += count;
  }

  /** What was kept, decoded as UTF-8, without the half of a character at its start. */
  public String text() {
    int size = (int) Math.min(taken, ring.length);
    byte[] kept = new byte[size];
    for (int i = 0; i < size; i++) {
      kept[i] = ring[(int) ((taken - size + i) % ring.length)];
    }
    int start = 0;
    while (taken > size && start < Math.min(size, 3) && (kept[start] & 0xC0) == 0x80) {
      start++;
    }
    return new String(kept, start, size - start, StandardCharsets.UTF_8);
  }
}
