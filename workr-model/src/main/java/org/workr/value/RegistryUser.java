package org.workr.value;

import java.util.regex.Pattern;

/**
 * An account of a container registry.
 *
 * @param value such as {@code robot$stats}
 */
public record RegistryUser(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._@$+-]{1,255}");

  /** Refuses what no registry has. */
  public RegistryUser {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not an account of a registry",
          "Use letters, digits and . _ @ $ + - only; the password is a secret of its own.");
    }
  }

  /** The account {@code text}. */
  public static RegistryUser parse(String text) {
    return new RegistryUser(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
