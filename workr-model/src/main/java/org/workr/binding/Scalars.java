package org.workr.binding;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.workr.value.InvalidValueException;

/** Turns text into values of the types that a spec record may have as one value. */
final class Scalars {
  private Scalars() {}

  static boolean canParse(Class<?> type) {
    return type == int.class
        || type == Integer.class
        || type == boolean.class
        || type == String.class
        || type == Duration.class
        || type.isEnum()
        || hasParse(type);
  }

  /**
   * The value of {@code type} written as {@code text}.
   *
   * @throws InvalidValueException when the text is no such value
   */
  static Object parse(Class<?> type, String text, String example) {
    if (type == String.class) {
      return text;
    }
    if (type == int.class || type == Integer.class) {
      return wholeNumber(text, example);
    }
    if (type == boolean.class) {
      return flag(text);
    }
    if (type == Duration.class) {
      return DurationText.parse(text);
    }
    if (type.isEnum()) {
      return constant(type, text);
    }
    return byParseMethod(type, text, example);
  }

  /** How a constant is written in the pom: lower case, with hyphens. */
  static String written(Object constant) {
    return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Integer wholeNumber(String text, String example) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      throw new InvalidValueException(
          "'" + text + "' is not a whole number", suchAs(example.isEmpty() ? "1" : example));
    }
  }

  private static Boolean flag(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    throw new InvalidValueException(
        "'" + text + "' is neither true nor false", "Write true or false.");
  }

  private static Object constant(Class<?> type, String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    for (Object constant : type.getEnumConstants()) {
      if (written(constant).equals(wanted)) {
        return constant;
      }
    }
    String allowed =
        Arrays.stream(type.getEnumConstants())
            .map(Scalars::written)
            .collect(Collectors.joining(", "));
    throw new InvalidValueException(
        "'" + text + "' is not one of the allowed values", "Use one of: " + allowed + ".");
  }

  private static boolean hasParse(Class<?> type) {
    try {
      Method parse = type.getMethod("parse", String.class);
      return Modifier.isStatic(parse.getModifiers())
          && type.isAssignableFrom(parse.getReturnType());
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  private static Object byParseMethod(Class<?> type, String text, String example) {
    try {
      return type.getMethod("parse", String.class).invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidValueException refused) {
        throw refused;
      }
      if (e.getCause() instanceof IllegalArgumentException) {
        throw new InvalidValueException("'" + text + "' is not valid here", suchAs(example));
      }
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String suchAs(String example) {
    return "Use a value such as " + example + ".";
  }
}
