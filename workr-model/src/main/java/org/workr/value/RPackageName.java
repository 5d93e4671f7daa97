package org.workr.value;

import java.util.regex.Pattern;

/**
 * Name of an R package (Writing R Extensions, section 1.1.1).
 *
 * @param value for example {@code future}
 */
public record RPackageName(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z][A-Za-z0-9.]*[A-Za-z0-9]");

  /** Refuses other forms. */
  public RPackageName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a name of an R package",
          "Write bare names with commas between them, such as future,furrr: letters, digits and full stops, starting with a letter.");
    }
  }

  /** The value written as {@code text}. */
  public static RPackageName parse(String text) {
    return new RPackageName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
