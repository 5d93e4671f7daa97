package org.workr.value;

import java.util.regex.Pattern;

/**
 * A host's name: one label of RFC 1123, section 2.1, in lower case, 1 to 63 characters.
 *
 * @param value the label, for example {@code workr1}
 */
public record Hostname(String value) implements Comparable<Hostname> {
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

  /** Refuses what is not a label. */
  public Hostname {
    if (!LABEL.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a host name (RFC 1123)",
          "Use 1 to 63 lower-case letters, digits and hyphens, with no hyphen at either end, such"
              + " as workr1.");
    }
    if (value.chars().allMatch(Character::isDigit)) {
      throw new InvalidValueException(
          "'" + value + "' has only digits, so programs would take it for an address",
          "Put a letter in front, such as workr" + value + ".");
    }
    if (value.equals("localhost")) {
      throw new InvalidValueException(
          "'localhost' always means the machine itself", "Choose another name, such as workr1.");
    }
  }

  /** The name written as {@code text}. */
  public static Hostname parse(String text) {
    return new Hostname(text);
  }

  @Override
  public int compareTo(Hostname other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
