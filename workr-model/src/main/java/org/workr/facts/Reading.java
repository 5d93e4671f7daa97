package org.workr.facts;

import java.util.function.Function;

/**
 * A fact as far as it is known. Unknown is a state of its own, never "absent": nothing is removed
 * or rewritten because of it.
 *
 * @param <T> type of the fact
 */
public sealed interface Reading<T> {

  /**
   * The probe could see.
   *
   * @param value what it saw
   */
  record Known<T>(T value) implements Reading<T> {}

  /**
   * The probe could not see.
   *
   * @param reason why, for the person
   */
  record Unknown<T>(String reason) implements Reading<T> {}

  /** Whether the fact is known and {@code value}. */
  default boolean is(T value) {
    return this instanceof Known<T> known && known.value().equals(value);
  }

  /** The value, or {@code other} when unknown: only where guessing cannot hurt. */
  default T orElse(T other) {
    return this instanceof Known<T> known ? known.value() : other;
  }

  /** The reading of something derived from the value. */
  default <U> Reading<U> map(Function<T, U> function) {
    if (this instanceof Known<T> known) {
      return new Known<>(function.apply(known.value()));
    }
    return new Unknown<>(((Unknown<T>) this).reason());
  }
}
