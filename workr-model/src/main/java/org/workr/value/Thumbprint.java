package org.workr.value;

import java.util.regex.Pattern;

/**
 * Thumbprint of a Tang server's signing key (RFC 7638) as {@code tang-show-keys} prints it.
 *
 * @param value base64url without padding: 43 characters for SHA-256, 27 for SHA-1
 */
public record Thumbprint(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43}|[A-Za-z0-9_-]{27}");

  /** Refuses other lengths and characters. */
  public Thumbprint {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not the thumbprint of a Tang server's key",
          "On the Tang server, run tang-show-keys and copy the 43 characters.");
    }
  }

  /** The thumbprint written as {@code text}. */
  public static Thumbprint parse(String text) {
    return new Thumbprint(text);
  }

  /** Whether it is a SHA-1 thumbprint, as Tang before version 11 printed them. */
  public boolean isSha1() {
    return value.length() == 27;
  }

  @Override
  public String toString() {
    return value;
  }
}
