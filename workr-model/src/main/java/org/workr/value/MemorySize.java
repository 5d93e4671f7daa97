package org.workr.value;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of memory, written as a number with {@code m} (mebibytes) or {@code g} (gibibytes).
 *
 * @param mebibytes 1 or more
 */
public record MemorySize(int mebibytes) {
  private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,5})([mg])");

  /** The size written as {@code text}. */
  public static MemorySize parse(String text) {
    Matcher matcher = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new InvalidValueException(
          "'" + text + "' is not an amount of memory",
          "Use a whole number with a unit, such as 512m or 8g.");
    }
    int number = Integer.parseInt(matcher.group(1));
    return new MemorySize(matcher.group(2).equals("g") ? number * 1024 : number);
  }

  @Override
  public String toString() {
    return mebibytes % 1024 == 0 ? mebibytes / 1024 + "g" : mebibytes + "m";
  }
}
