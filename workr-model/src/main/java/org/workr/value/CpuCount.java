package org.workr.value;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * A share of a machine's processors.
 *
 * @param value more than 0; 1.5 is one and a half processors
 */
public record CpuCount(BigDecimal value) {
  private static final Pattern FORM = Pattern.compile("\\d{1,4}(\\.\\d{1,3})?");

  /** The count written as {@code text}. */
  public static CpuCount parse(String text) {
    if (!FORM.matcher(text).matches() || new BigDecimal(text).signum() == 0) {
      throw new InvalidValueException(
          "'" + text + "' is not a number of processors", "Use a number such as 4 or 1.5.");
    }
    return new CpuCount(new BigDecimal(text));
  }

  @Override
  public String toString() {
    return value.toPlainString();
  }
}
