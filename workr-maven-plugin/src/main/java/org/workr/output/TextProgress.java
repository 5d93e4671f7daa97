package org.workr.output;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.workr.engine.Event;
import org.workr.engine.Progress;
import org.workr.value.Hostname;

/**
 * Tells a person what happens: one line for each event, which also reads well in a CI log. Of work
 * that goes on for hours only now and then how far it is, and of many hosts each less often.
 */
public final class TextProgress implements Progress {
  /** Between two lines about how far hosts are, on average. */
  static final Duration PAUSE = Duration.ofSeconds(5);

  private final Consumer<String> lines;
  private final int width;
  private final LongSupplier nanoTime;

  /** When each host that is at such work last had a line. */
  private final Map<Hostname, Long> told = new HashMap<>();

  /**
   * @param lines takes each line, by several threads
   * @param width length of the longest hostname, for a straight margin
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  public TextProgress(Consumer<String> lines, int width, LongSupplier nanoTime) {
    this.lines = lines;
    this.width = width;
    this.nanoTime = nanoTime;
  }

  @Override
  public void happened(Event event) {
    String text = due(event) ? text(event) : "";
    if (!text.isEmpty()) {
      String margin = String.format(Locale.ROOT, "%-" + width + "s  ", event.host());
      String indent = " ".repeat(margin.length());
      lines.accept(margin + text.replace("\n", System.lineSeparator() + indent));
    }
  }

  private synchronized boolean due(Event event) {
    if (event.kind() != Event.Kind.PROGRESS) {
      if (event.kind() != Event.Kind.WAITING && event.kind() != Event.Kind.BUSY) {
        told.remove(event.host());
      }
      return true;
    }
    long now = nanoTime.getAsLong();
    Long last = told.get(event.host());
    boolean due = last == null || now - last >= PAUSE.multipliedBy(told.size()).toNanos();
    if (due) {
      told.put(event.host(), now);
    }
    return due;
  }

  private static String text(Event event) {
    return switch (event.kind()) {
      case PROBED -> "found " + event.text();
      case PLANNED, BUSY -> event.text();
      case CHANGE_BEGUN, PROGRESS -> event.subject() + ": " + event.text();
      case CHANGE_DONE -> event.subject() + ": done in " + event.text();
      case CHANGE_FAILED -> event.subject() + ": FAILED: " + event.text();
      case WAITING -> "waiting " + event.text();
      case STOPPED -> "stopped: " + event.text();
      case LEFT, DONE -> event.text();
      case BEGUN, STEP_BEGUN, STEP_ENDED -> "";
    };
  }
}
