package org.workr.output;

import java.util.Locale;
import java.util.function.Consumer;
import org.workr.engine.Event;
import org.workr.engine.Progress;

/** Tells a person what happens: one line for each event, which also reads well in a CI log. */
public final class TextProgress implements Progress {
  private final Consumer<String> lines;
  private final int width;

  /**
   * @param lines takes each line, by several threads
   * @param width length of the longest hostname, for a straight margin
   */
  public TextProgress(Consumer<String> lines, int width) {
    this.lines = lines;
    this.width = width;
  }

  @Override
  public void happened(Event event) {
    String text = text(event);
    if (!text.isEmpty()) {
      String margin = String.format(Locale.ROOT, "%-" + width + "s  ", event.host());
      String indent = " ".repeat(margin.length());
      lines.accept(margin + text.replace("\n", System.lineSeparator() + indent));
    }
  }

  private static String text(Event event) {
    return switch (event.kind()) {
      case PROBED -> "found " + event.text();
      case PLANNED, BUSY -> event.text();
      case CHANGE_BEGUN -> event.subject() + ": " + event.text();
      case CHANGE_DONE -> event.subject() + ": done in " + event.text();
      case CHANGE_FAILED -> event.subject() + ": FAILED: " + event.text();
      case WAITING -> "waiting " + event.text();
      case STOPPED -> "stopped: " + event.text();
      case DONE -> event.text();
      case BEGUN, STEP_BEGUN, STEP_ENDED -> "";
    };
  }
}
