package org.workr.binding;

import java.util.regex.Pattern;
import org.workr.value.InvalidValueException;

/** Secrets that somebody wrote into a pom: they are refused, and not quoted. */
final class Exposed {
  private static final Pattern SECRET = Pattern.compile("PRIVATE KEY|tskey-[A-Za-z0-9]");

  private Exposed() {}

  static boolean isIn(String text) {
    return SECRET.matcher(text).find();
  }

  /** Refuses a text that has a private key or a key of Tailscale in it. */
  static void refuse(String text) {
    if (isIn(text)) {
      throw new InvalidValueException(
          "this is a secret, which must not stand in a pom",
          "Remove it, take it for exposed, and make a new one.");
    }
  }
}
