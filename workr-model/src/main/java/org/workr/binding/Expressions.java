package org.workr.binding;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.InvalidValueException;

/** Maven leaves an expression that nothing defines as it was written. */
final class Expressions {
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{([^}]*)}");

  private Expressions() {}

  /** Refuses a text with an expression in it. */
  static void refuse(String text) {
    Matcher matcher = EXPRESSION.matcher(text);
    if (matcher.find()) {
      String name = matcher.group(1);
      throw new InvalidValueException(
          "'" + text + "' uses the property '" + name + "', which nothing defines",
          "Define it under <properties>, in an active profile or with -D"
              + name
              + "=..., or correct its name.");
    }
  }
}
