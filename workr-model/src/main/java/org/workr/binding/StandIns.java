package org.workr.binding;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Maybe;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Section;
import org.workr.binding.Shape.Sequence;

/**
 * What is bound where the pom says nothing: defaults; and where it is wrong: defaults or examples.
 */
final class StandIns {
  private StandIns() {}

  static Object of(Field field) {
    String text = field.doc().defaultValue();
    if (field.shape() instanceof Maybe) {
      return Optional.empty();
    }
    if (field.shape() instanceof Sequence sequence) {
      return sequence.item() instanceof Scalar scalar && !text.isEmpty()
          ? Arrays.stream(text.split(",", -1)).map(item -> value(scalar, item)).toList()
          : List.of();
    }
    if (field.shape() instanceof Section section) {
      return of(section);
    }
    return value((Scalar) field.shape(), text.isEmpty() ? field.doc().example() : text);
  }

  static Record of(Section section) {
    return Binder.construct(section, section.fields().stream().map(StandIns::of).toArray());
  }

  /** The first item of a list's example. */
  static Object first(Field item) {
    String samples = item.sample();
    boolean manyOnALine = item.doc().element().isEmpty();
    return value((Scalar) item.shape(), manyOnALine ? samples.split(",", 2)[0] : samples);
  }

  private static Object value(Scalar scalar, String text) {
    return Scalars.parse(scalar.type(), text.strip(), "");
  }
}
