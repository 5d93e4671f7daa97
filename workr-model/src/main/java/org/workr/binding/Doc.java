package org.workr.binding;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What a component of a spec record means: read by the binder for defaults and messages, and by the
 * generator of the reference page. On a type it describes the section, or one form of a choice.
 *
 * <p>A component is required when {@link #required()} says so, or when it is a single value that
 * has no default and is not an {@link java.util.Optional}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Doc {
  /** What it is and does; whole sentences in Markdown. */
  String value();

  /**
   * A text that binds. It is shown in messages and stands in for a broken value while the rest is
   * checked, so every single value and every list of values has one, or a default.
   */
  String example() default "";

  /** The text that is bound when the element is left out; empty for none. */
  String defaultValue() default "";

  /** What happens when an element without a default is left out; a phrase. */
  String otherwise() default "";

  /** Whether a section or a list must be there. */
  boolean required() default false;

  /**
   * Name of the elements in a list, as {@code worker} in {@code <workers>}; empty for a list that
   * is written by repeating the element itself.
   */
  String item() default "";

  /**
   * Name of the element where it is not the component's name; on a form of a choice, the name of
   * the element that chooses it.
   */
  String element() default "";
}
