package org.workr.value;

import java.util.regex.Pattern;

/**
 * Name of a Debian package (Debian Policy, section 5.6.1).
 *
 * @param value for example {@code htop}
 */
public record PackageName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9+.-]+");

  /** Refuses other forms. */
  public PackageName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a name of a Debian package",
          "Use the bare name, such as htop: lower-case letters, digits, plus, minus and full stops, without version and architecture.");
    }
  }

  /** The value written as {@code text}. */
  public static PackageName parse(String text) {
    return new PackageName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
