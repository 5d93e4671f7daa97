package org.workr.binding;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Maybe;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Section;
import org.workr.binding.Shape.Sequence;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.InvalidValueException;

/**
 * Binds XML to records: an element for each record component, by name.
 *
 * <p>It never stops at a problem. A misspelt element is bound as the one that was probably meant, a
 * broken value is replaced by its default or example while the rest is checked, and everything is
 * reported.
 */
public final class Binder {
  private final Section root;
  private final String rootName;
  private final Ledger ledger = new Ledger();

  private Binder(Class<? extends Record> type, String rootName) {
    this.root = Shapes.section(type);
    this.rootName = rootName;
  }

  /**
   * Binds {@code element} to a record. Paths in the diagnostics start with the element's name.
   *
   * @param element what the pom says
   * @param type the record; every component has a {@link Doc}
   * @param <R> the record's type
   * @return the record and all problems
   */
  public static <R extends Record> Bound<R> bind(Element element, Class<R> type) {
    Binder binder = new Binder(type, element.name());
    Element plain = Attributes.refuse(element, element.name(), binder.ledger);
    R value = type.cast(binder.section(binder.root, plain, element.name()));
    List<Diagnostic> diagnostics = binder.ledger.diagnostics();
    boolean failed = diagnostics.stream().anyMatch(Diagnostic::isError);
    return new Bound<>(failed ? Optional.empty() : Optional.of(value), diagnostics);
  }

  /**
   * The record that an empty element binds to.
   *
   * @param type a record without required components
   * @param <R> the record's type
   * @return the record with every default
   */
  public static <R extends Record> R defaults(Class<R> type) {
    Bound<R> bound = bind(Element.empty("defaults"), type);
    return bound
        .value()
        .orElseThrow(() -> new IllegalArgumentException(bound.diagnostics().toString()));
  }

  private Record section(Section section, Element element, String path) {
    if (element.text() != null) {
      ledger.error(
          path,
          "has the text '" + Shown.text(element.text()) + "' where elements are expected",
          "Use " + Strays.tags(Strays.names(section)) + ".");
      if (element.children().isEmpty()) {
        ledger.standsIn(path);
        return StandIns.of(section);
      }
    }
    Map<String, List<Element>> given = sort(section, element, path);
    Object[] values =
        section.fields().stream()
            .map(f -> field(f, element, given.getOrDefault(f.name(), List.of()), path))
            .toArray();
    try {
      Record bound = construct(section, values);
      if (bound instanceof Checked checked) {
        checked.check(new Problems(ledger, path));
      }
      return bound;
    } catch (InvalidValueException e) {
      ledger.broken(path, e.summary(), e.hint());
      return StandIns.of(section);
    }
  }

  /** The children by the component that each is for; strays are reported. */
  private Map<String, List<Element>> sort(Section section, Element element, String path) {
    Map<String, List<Element>> given = new LinkedHashMap<>();
    for (Field field : section.fields()) {
      List<Element> named = element.named(field.name());
      if (!named.isEmpty()) {
        given.put(field.name(), named);
      }
    }
    for (Element child : element.children()) {
      if (isField(section, child.name())) {
        continue;
      }
      Optional<Field> list = Strays.listOf(child, section);
      if (list.isPresent()) {
        String name = list.get().name();
        ledger.error(
            path + "." + child.name(),
            "<" + child.name() + "> stands in <" + element.name() + "> itself",
            "Put it into <" + name + ">.");
        Element wrapper = new Element(name, null, element.named(child.name()));
        given.putIfAbsent(name, List.of(wrapper));
      } else {
        Optional<String> meant = Strays.meant(child, section, root);
        ledger.error(
            path + "." + child.name(),
            "there is no element <" + child.name() + "> in <" + element.name() + ">",
            Strays.hint(child, section, root, rootName));
        // Bound as what it was meant to be, so that what stands in it is checked in the same run.
        meant.ifPresent(name -> given.putIfAbsent(name, List.of(child)));
      }
    }
    return given;
  }

  private static boolean isField(Section section, String name) {
    return section.fields().stream().anyMatch(f -> f.name().equals(name));
  }

  private Object field(Field field, Element parent, List<Element> given, String parentPath) {
    String path = parentPath + "." + field.name();
    if (given.isEmpty()) {
      return absent(field, parent, path);
    }
    if (given.size() > 1 && !field.repeatable()) {
      ledger.error(
          path,
          "stands " + given.size() + " times in <" + parent.name() + ">",
          "Keep one <" + field.name() + ">.");
    }
    if (field.shape() instanceof Sequence sequence) {
      ListBinder list = new ListBinder(this::single, ledger, field, sequence, path);
      return field.repeatable()
          ? list.ofRepeated(given)
          : list.ofWrapper(given.get(0), parent.name());
    }
    if (field.shape() instanceof Maybe maybe) {
      return Optional.ofNullable(single(maybe.shape(), field, given.get(0), path));
    }
    Object value = single(field.shape(), field, given.get(0), path);
    return value == null ? StandIns.of(field) : value;
  }

  private Object absent(Field field, Element parent, String path) {
    if (field.required()) {
      ledger.broken(path, "is missing", Strays.add(field, parent.name()));
      return StandIns.of(field);
    }
    if (field.shape() instanceof Section section) {
      return section(section, Element.empty(field.name()), path);
    }
    return StandIns.of(field);
  }

  /** The value of one element, or null when it is broken, which is reported. */
  private @Nullable Object single(Shape shape, Field field, Element written, String path) {
    Element element = Attributes.refuse(written, path, ledger);
    if (shape instanceof Section section) {
      return section(section, element, path);
    }
    if (!element.children().isEmpty()) {
      ledger.broken(
          path,
          "has elements in it where one value is expected",
          "Write <" + field.name() + ">" + field.sample() + "</" + field.name() + ">.");
      return null;
    }
    if (element.text() == null) {
      String leaveOut = field.required() ? "" : ", or leave <" + field.name() + "> out";
      ledger.broken(path, "is empty", "Write a value such as " + field.sample() + leaveOut + ".");
      return null;
    }
    return scalar(((Scalar) shape).type(), field, element.text(), path);
  }

  private @Nullable Object scalar(Class<?> type, Field field, String text, String path) {
    try {
      Exposed.refuse(text);
      Expressions.refuse(text);
      Object value = Scalars.parse(type, text, field.sample());
      Ranges.check(field.range(), type, value, text);
      return value;
    } catch (InvalidValueException e) {
      ledger.broken(path, Shown.in(e.summary(), text), Shown.in(e.hint(), text));
      return null;
    }
  }

  /** Makes the record, or throws what its constructor refuses it with. */
  static Record construct(Section section, Object[] values) {
    Class<?>[] types =
        Arrays.stream(section.type().getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<? extends Record> constructor = section.type().getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof InvalidValueException refused) {
        throw refused;
      }
      throw new IllegalStateException(section.type().getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(section.type().getName(), e);
    }
  }
}
