package org.workr.secret;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.workr.value.SecretName;

/** Secrets for tests, with everything in them that quoting gets wrong. */
final class Canary {
  static final String VALUE = "c4n'a\"r\\y $HOME `x` %s \u00fc";

  private Canary() {}

  static SecretName name(String name) {
    return new SecretName(name);
  }

  static Secret secret(String name, String value) {
    return Secret.take(name(name), value.toCharArray());
  }

  static String text(Secret secret) {
    return new String(secret.copy());
  }

  /** Everything that an exception says, with its causes. */
  static String trace(Throwable throwable) {
    StringWriter text = new StringWriter();
    throwable.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
