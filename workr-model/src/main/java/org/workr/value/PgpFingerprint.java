package org.workr.value;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Fingerprint of the OpenPGP key that signs a package repository.
 *
 * @param value 40 hexadecimal digits in upper case
 */
public record PgpFingerprint(String value) {
  private static final Pattern FORM = Pattern.compile("[0-9A-F]{40}");

  /** Refuses short key ids, which can be forged. */
  public PgpFingerprint {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not the fingerprint of an OpenPGP key",
          "Use the 40 hexadecimal digits that gpg --show-keys prints, not a short key id.");
    }
  }

  /** The fingerprint written as {@code text}; blanks in it are dropped. */
  public static PgpFingerprint parse(String text) {
    String digits = text.replaceAll("\\s", "").toUpperCase(Locale.ROOT);
    return new PgpFingerprint(digits.startsWith("0X") ? digits.substring(2) : digits);
  }

  @Override
  public String toString() {
    return value;
  }
}
