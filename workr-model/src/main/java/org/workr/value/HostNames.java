package org.workr.value;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Many host names as a short text that {@link HostnameRange} reads again. */
public final class HostNames {
  private static final Pattern NUMBERED = Pattern.compile("(.*?(?<![0-9]))([0-9]{1,9})([^0-9]*)");

  private HostNames() {}

  /**
   * The names in their order, numbers that follow each other as a range: {@code workr[1-3,7],head}.
   */
  public static String folded(List<Hostname> names) {
    List<String> folded = new ArrayList<>();
    Run run = null;
    for (Hostname name : names) {
      Matcher parts = NUMBERED.matcher(name.value());
      boolean numbered = parts.matches();
      if (run != null && numbered && run.takes(parts)) {
        run.add(parts.group(2));
        continue;
      }
      if (run != null) {
        folded.add(run.text());
      }
      run = numbered ? new Run(parts.group(1), parts.group(3), parts.group(2)) : null;
      if (!numbered) {
        folded.add(name.value());
      }
    }
    if (run != null) {
      folded.add(run.text());
    }
    return String.join(",", folded);
  }

  /** Names that differ by one number only. */
  private static final class Run {
    private final String before;
    private final String after;
    private final List<String> numbers = new ArrayList<>();

    Run(String before, String after, String number) {
      this.before = before;
      this.after = after;
      numbers.add(number);
    }

    boolean takes(Matcher parts) {
      return before.equals(parts.group(1)) && after.equals(parts.group(3));
    }

    void add(String number) {
      numbers.add(number);
    }

    String text() {
      if (numbers.size() == 1) {
        return before + numbers.get(0) + after;
      }
      List<String> ranges = new ArrayList<>();
      for (int first = 0, next; first < numbers.size(); first = next) {
        next = first + 1;
        while (next < numbers.size() && follows(numbers.get(next - 1), numbers.get(next))) {
          next++;
        }
        ranges.add(numbers.get(first) + (next - first == 1 ? "" : "-" + numbers.get(next - 1)));
      }
      return before + "[" + String.join(",", ranges) + "]" + after;
    }

    /** Also in how it is written: 10 follows 9, and 10 follows 09, but 010 does not follow 9. */
    private static boolean follows(String one, String other) {
      boolean padded = one.startsWith("0") || other.startsWith("0");
      return Integer.parseInt(other) == Integer.parseInt(one) + 1
          && (!padded || one.length() == other.length());
    }
  }
}
