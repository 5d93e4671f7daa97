package org.workr.engine;

import java.time.Duration;
import java.util.Locale;

/** Spans of time as people read them. */
public final class Durations {
  private Durations() {}

  /** For example {@code 0.4 s}, {@code 12 s}, {@code 3 min 05 s}. */
  public static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 60) {
      return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
    }
    return seconds >= 10
        ? seconds + " s"
        : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
