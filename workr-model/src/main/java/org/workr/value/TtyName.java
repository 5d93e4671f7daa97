package org.workr.value;

import java.util.regex.Pattern;

/**
 * Name of a serial device under {@code /dev}.
 *
 * @param value for example {@code ttyS0}
 */
public record TtyName(String value) {
  private static final Pattern FORM = Pattern.compile("tty[A-Za-z]{1,6}[0-9]{1,3}");

  /** Refuses other forms. */
  public TtyName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a serial device", "Use a name such as ttyS0 or ttyAMA0.");
    }
  }

  /** The value written as {@code text}. */
  public static TtyName parse(String text) {
    return new TtyName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
