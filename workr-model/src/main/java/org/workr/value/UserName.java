package org.workr.value;

import java.util.regex.Pattern;

/**
 * Name of an account, as useradd(8) on Debian and Ubuntu allows it.
 *
 * @param value for example {@code ubuntu}
 */
public record UserName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z_][a-z0-9_-]{0,31}");

  /** Refuses other forms. */
  public UserName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a name of an account",
          "Use 1 to 32 lower-case letters, digits, hyphens and underscores, starting with a letter, such as ubuntu.");
    }
  }

  /** The value written as {@code text}. */
  public static UserName parse(String text) {
    return new UserName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
