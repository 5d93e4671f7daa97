package org.workr.value;

import java.util.regex.Pattern;

/**
 * A container registry.
 *
 * @param value its name or address, with a port if it is not the usual one
 */
public record RegistryServer(String value) {
  private static final Pattern FORM =
      Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9.-]{0,251}[a-zA-Z0-9])?(?::\\d{1,5})?");

  /** Refuses what Docker would not take for a registry. */
  public RegistryServer {
    boolean plain = !value.contains(".") && !value.contains(":") && !value.equals("localhost");
    if (!FORM.matcher(value).matches() || plain) {
      throw new InvalidValueException(
          "'" + value + "' is not the name of a registry",
          "Use its name with a domain or a port, such as registry.example.org:5000, without https://.");
    }
  }

  /** The registry {@code text}. */
  public static RegistryServer parse(String text) {
    return new RegistryServer(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
