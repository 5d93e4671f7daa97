package org.workr.binding;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.InvalidValueException;

/**
 * Lengths of time as people write them: {@code 150s}, {@code 10m}, {@code 1h30m}, {@code 90d},
 * {@code 2w}, {@code 1y} (365 days), or as ISO 8601 has them: {@code PT10M}.
 */
public final class DurationText {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d{1,3})y)?(?:(\\d{1,4})w)?(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,7})m)?"
              + "(?:(\\d{1,9})s)?");
  private static final long[] SECONDS = {365 * 86_400L, 7 * 86_400L, 86_400, 3_600, 60, 1};

  private DurationText() {}

  /** The length that {@code text} says. */
  public static Duration parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!text.isEmpty() && matcher.matches()) {
      Duration sum = Duration.ZERO;
      for (int unit = 0; unit < SECONDS.length; unit++) {
        String count = matcher.group(unit + 1);
        if (count != null) {
          sum = sum.plusSeconds(Long.parseLong(count) * SECONDS[unit]);
        }
      }
      return sum;
    }
    if (text.startsWith("P")) {
      try {
        return Duration.parse(text);
      } catch (DateTimeException e) {
        // Falls through to the message that names both forms.
      }
    }
    throw new InvalidValueException(
        "'" + text + "' is not a length of time",
        "Use a number with a unit, such as 150s, 10m, 2h, 90d or 1y, or ISO 8601 such as PT10M.");
  }
}
