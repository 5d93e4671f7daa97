package org.workr.value;

import java.util.regex.Pattern;

/**
 * Name of a network interface: a plain part of what Linux allows.
 *
 * @param value for example {@code enp1s0}
 */
public record InterfaceName(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,14}");

  /** Refuses other forms. */
  public InterfaceName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a name of a network interface",
          "Use a name as ip link shows it, such as enp1s0: 1 to 15 letters, digits, full stops, hyphens and underscores.");
    }
  }

  /** The value written as {@code text}. */
  public static InterfaceName parse(String text) {
    return new InterfaceName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
