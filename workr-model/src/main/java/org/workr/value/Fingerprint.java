package org.workr.value;

import java.util.regex.Pattern;

/**
 * The SHA-256 fingerprint of an SSH public key as {@code ssh-keygen -l} prints it.
 *
 * @param value {@code SHA256:} and 43 characters of base64 without padding
 */
public record Fingerprint(String value) {
  private static final Pattern FORM = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}");

  /** Refuses other forms, MD5 among them. */
  public Fingerprint {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a SHA-256 fingerprint of a key",
          "On the machine, run: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub and copy the part"
              + " that starts with SHA256: (50 characters).");
    }
  }

  /** The fingerprint written as {@code text}; padding at the end is dropped. */
  public static Fingerprint parse(String text) {
    return new Fingerprint(text.endsWith("=") ? text.substring(0, text.length() - 1) : text);
  }

  @Override
  public String toString() {
    return value;
  }
}
