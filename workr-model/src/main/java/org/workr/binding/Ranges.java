package org.workr.binding;

import org.jspecify.annotations.Nullable;
import org.workr.value.InvalidValueException;

/** Compares numbers and durations with what a {@link Range} allows. */
final class Ranges {
  private Ranges() {}

  static void check(@Nullable Range range, Class<?> type, Object value, String text) {
    if (range == null) {
      return;
    }
    if (compare(value, Scalars.parse(type, range.min(), "")) < 0
        || compare(value, Scalars.parse(type, range.max(), "")) > 0) {
      throw new InvalidValueException(
          "'" + text + "' is out of range",
          "Use a value from " + range.min() + " to " + range.max() + ".");
    }
  }

  @SuppressWarnings("unchecked") // Both come from the same parser of a comparable type.
  private static int compare(Object value, Object limit) {
    return ((Comparable<Object>) value).compareTo(limit);
  }
}
