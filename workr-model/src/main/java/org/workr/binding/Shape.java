package org.workr.binding;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an element may hold, read from the type of a record component. */
sealed interface Shape {

  /** One value written as text. */
  record Scalar(Class<?> type) implements Shape {}

  /** Several of the same; see {@link Doc#item()} for how they are written. */
  record Sequence(Shape item) implements Shape {}

  /** Something that may be absent. */
  record Maybe(Shape shape) implements Shape {}

  /** A record: one element for each component. */
  record Section(Class<? extends Record> type, List<Field> fields) implements Shape {}

  /** A sealed interface: the name of the element says which form it is. */
  record Choice(Class<?> type, Map<String, Shape> forms) implements Shape {}

  /** A component of a section. */
  record Field(String name, Shape shape, Doc doc, @Nullable Range range) {

    /** Whether it is a list that is written by repeating the element itself. */
    boolean repeatable() {
      return shape instanceof Sequence sequence
          && doc.item().isEmpty()
          && !(sequence.item() instanceof Choice);
    }

    /** A text that binds, for messages. */
    String sample() {
      return doc.example().isEmpty() ? doc.defaultValue() : doc.example();
    }

    boolean required() {
      return doc.required() || (shape instanceof Scalar && doc.defaultValue().isEmpty());
    }
  }
}
