package org.workr.value;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Host lists as Slurm writes them: {@code workr[1-5]}, {@code workr[01-12]}, {@code
 * 192.168.64.[1-3,7]/16}, {@code head,workr[1-2]}. Several brackets multiply, the last one runs
 * fastest.
 */
final class HostRange {
  /** More than anyone declares, and few enough to be listed in a report. */
  private static final int MOST = 1000;

  private HostRange() {}

  /**
   * Every value that {@code text} stands for, in order.
   *
   * @throws InvalidValueException when the brackets are wrong, or one of the values is
   */
  static <T> List<T> expand(String text, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    for (String part : split(text)) {
      for (String expanded : expandPart(text, part)) {
        values.add(parser.apply(expanded));
      }
      if (values.size() > MOST) {
        throw tooMany(text);
      }
    }
    return List.copyOf(values);
  }

  /** Splits at the commas that are not in brackets. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (depth < 0 || depth > 1) {
        throw refused(text, "has brackets that do not match");
      }
      if (c == ',' && depth == 0) {
        parts.add(text.substring(start, i).strip());
        start = i + 1;
      }
    }
    if (depth != 0) {
      throw refused(text, "has brackets that do not match");
    }
    parts.add(text.substring(start).strip());
    return parts;
  }

  private static List<String> expandPart(String text, String part) {
    int open = part.indexOf('[');
    if (open < 0) {
      return List.of(part);
    }
    int close = part.indexOf(']');
    List<String> tails = expandPart(text, part.substring(close + 1));
    List<String> numbers = numbers(text, part.substring(open + 1, close));
    if ((long) tails.size() * numbers.size() > MOST) {
      throw tooMany(text);
    }
    List<String> expanded = new ArrayList<>();
    for (String number : numbers) {
      for (String tail : tails) {
        expanded.add(part.substring(0, open) + number + tail);
      }
    }
    return expanded;
  }

  private static List<String> numbers(String text, String bracket) {
    List<String> numbers = new ArrayList<>();
    for (String range : bracket.split(",", -1)) {
      String[] ends = range.strip().split("-", -1);
      if (ends.length > 2 || !isNumber(ends[0]) || !isNumber(ends[ends.length - 1])) {
        throw refused(text, "has '[" + bracket + "]', which is not a list of numbers and ranges");
      }
      String last = ends[ends.length - 1];
      boolean padded = isPadded(ends[0]) || isPadded(last);
      if (padded && ends[0].length() != last.length()) {
        throw refused(text, "has the range '" + range + "' with ends of different lengths");
      }
      int from = Integer.parseInt(ends[0]);
      int to = Integer.parseInt(last);
      if (from > to) {
        throw refused(text, "has the range '" + range + "', which runs backwards");
      }
      if (to - from >= MOST) {
        throw tooMany(text);
      }
      for (int number = from; number <= to; number++) {
        String digits = Integer.toString(number);
        numbers.add(padded ? "0".repeat(last.length() - digits.length()) + digits : digits);
      }
    }
    return numbers;
  }

  private static boolean isPadded(String digits) {
    return digits.length() > 1 && digits.startsWith("0");
  }

  private static boolean isNumber(String digits) {
    return !digits.isEmpty()
        && digits.length() <= 9
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  private static InvalidValueException tooMany(String text) {
    return new InvalidValueException(
        "'" + text + "' stands for more than " + MOST + " hosts", "Use smaller ranges.");
  }

  private static InvalidValueException refused(String text, String what) {
    return new InvalidValueException(
        "'" + text + "' " + what, "Use ranges such as [1-5], [01-12] or [1-3,7].");
  }
}
