package org.workr.binding;

/** Values as they may appear in a message: on one line, and not longer than helps. */
final class Shown {
  private static final int LONGEST = 100;

  private Shown() {}

  /** {@code text} without control characters, shortened in the middle when it is long. */
  static String text(String text) {
    if (Exposed.isIn(text)) {
      return "...";
    }
    String line = text.replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    return line.length() <= LONGEST
        ? line
        : line.substring(0, LONGEST - 20) + "..." + line.substring(line.length() - 17);
  }

  /** A message in which the value {@code text} stands, with the value made fit to be shown. */
  static String in(String message, String text) {
    return message.replace(text, text(text));
  }
}
