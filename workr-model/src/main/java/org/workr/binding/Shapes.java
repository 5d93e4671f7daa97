package org.workr.binding;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.binding.Shape.Choice;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Maybe;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Section;
import org.workr.binding.Shape.Sequence;

/** Reads shapes from types. What it refuses is a mistake in a record, not in a pom. */
final class Shapes {
  private Shapes() {}

  static Section section(Class<? extends Record> type) {
    List<Field> fields = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Doc doc = component.getAnnotation(Doc.class);
      if (doc == null) {
        throw new IllegalStateException(
            type.getName()
                + "."
                + component.getName()
                + " has no @Doc; a value that is written as text has a static parse(String) instead");
      }
      fields.add(
          new Field(
              doc.element().isEmpty() ? component.getName() : doc.element(),
              of(component.getGenericType()),
              doc,
              component.getAnnotation(Range.class)));
    }
    return new Section(type, List.copyOf(fields));
  }

  private static Shape of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Shape argument = of(generic.getActualTypeArguments()[0]);
      if (generic.getRawType() == Optional.class) {
        return new Maybe(argument);
      }
      if (generic.getRawType() == List.class) {
        return new Sequence(argument);
      }
      throw new IllegalStateException("No way to bind " + type);
    }
    Class<?> raw = (Class<?>) type;
    if (Scalars.canParse(raw)) {
      return new Scalar(raw);
    }
    if (raw.isRecord()) {
      return section(raw.asSubclass(Record.class));
    }
    if (raw.isSealed()) {
      return choice(raw);
    }
    throw new IllegalStateException("No way to bind " + type);
  }

  private static Choice choice(Class<?> type) {
    Map<String, Shape> forms = new LinkedHashMap<>();
    for (Class<?> form : type.getPermittedSubclasses()) {
      Doc doc = form.getAnnotation(Doc.class);
      if (doc == null || doc.element().isEmpty()) {
        throw new IllegalStateException(form.getName() + " has no @Doc with an element name");
      }
      forms.put(doc.element(), of(form));
    }
    return new Choice(type, forms);
  }
}
