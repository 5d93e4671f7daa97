package org.workr.binding;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.workr.binding.Shape.Choice;
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
 * broken value is replaced by its default or example, and both are reported; see {@link Bound}.
 */
public final class Binder {
  private final Section root;
  private final String rootName;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Set<String> broken = new LinkedHashSet<>();

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
    Record value = binder.section(binder.root, element, element.name());
    return new Bound<>(type.cast(value), binder.diagnostics, binder.broken);
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
    if (!bound.diagnostics().isEmpty()) {
      throw new IllegalArgumentException(bound.diagnostics().toString());
    }
    return bound.value();
  }

  private Record section(Section section, Element element, String path) {
    if (element.text() != null) {
      error(
          path,
          "has the text '" + Shown.text(element.text()) + "' where elements are expected",
          "Use " + Strays.allowed(section) + ".");
      if (element.children().isEmpty()) {
        broken.add(path);
        return standIn(section);
      }
    }
    Map<String, List<Element>> given = sort(section, element, path);
    Object[] values =
        section.fields().stream()
            .map(f -> field(f, element, given.getOrDefault(f.name(), List.of()), path))
            .toArray();
    try {
      return construct(section, values);
    } catch (InvalidValueException e) {
      error(path, e.summary(), e.hint());
      broken.add(path);
      return standIn(section);
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
      if (section.fields().stream().noneMatch(f -> f.name().equals(child.name()))) {
        Optional<String> meant = Strays.meant(child, section, root);
        error(
            path + "." + child.name(),
            "there is no element <" + child.name() + "> in <" + element.name() + ">",
            Strays.hint(child, section, root, rootName));
        // Bound as what it was meant to be, so that what stands in it is checked in the same run.
        meant.ifPresent(name -> given.putIfAbsent(name, List.of(child)));
      }
    }
    return given;
  }

  private Object field(Field field, Element parent, List<Element> given, String parentPath) {
    String path = parentPath + "." + field.name();
    if (given.isEmpty()) {
      return absent(field, parent, path);
    }
    boolean repeatable = field.repeatable();
    if (given.size() > 1 && !repeatable) {
      error(
          path,
          "stands " + given.size() + " times in <" + parent.name() + ">",
          "Keep one <" + field.name() + ">.");
    }
    if (field.shape() instanceof Sequence sequence) {
      return repeatable
          ? new SequenceBinding(field, sequence, path, parent.name()).ofRepeated(given)
          : new SequenceBinding(field, sequence, path, parent.name()).ofWrapper(given.get(0));
    }
    if (field.shape() instanceof Maybe maybe) {
      return Optional.ofNullable(single(maybe.shape(), field, given.get(0), path));
    }
    Object value = single(field.shape(), field, given.get(0), path);
    return value == null ? standIn(field) : value;
  }

  private Object absent(Field field, Element parent, String path) {
    if (field.required()) {
      error(path, "is missing", Strays.add(field, parent.name()));
      broken.add(path);
      return standIn(field);
    }
    if (field.shape() instanceof Section section) {
      return section(section, Element.empty(field.name()), path);
    }
    return standIn(field);
  }

  /** The value of an element, or null when it is broken, which is reported. */
  private @Nullable Object single(Shape shape, Field field, Element element, String path) {
    if (shape instanceof Section section) {
      return section(section, element, path);
    }
    Scalar scalar = (Scalar) shape;
    String example =
        field.doc().example().isEmpty() ? field.doc().defaultValue() : field.doc().example();
    if (!element.children().isEmpty()) {
      error(
          path,
          "has elements in it where one value is expected",
          "Write <" + field.name() + ">" + example + "</" + field.name() + ">.");
      broken.add(path);
      return null;
    }
    if (element.text() == null) {
      error(
          path,
          "is empty",
          "Write a value such as "
              + example
              + (field.required() ? "." : ", or leave <" + field.name() + "> out."));
      broken.add(path);
      return null;
    }
    return scalar(scalar, field, element.text(), path);
  }

  private @Nullable Object scalar(Scalar scalar, Field field, String text, String path) {
    try {
      Expressions.refuse(text);
      String example = field.doc().example();
      Object value =
          Scalars.parse(
              scalar.type(), text, example.isEmpty() ? field.doc().defaultValue() : example);
      Ranges.check(field.range(), scalar.type(), value, text);
      return value;
    } catch (InvalidValueException e) {
      error(path, Shown.in(e.summary(), text), Shown.in(e.hint(), text));
      broken.add(path);
      return null;
    }
  }

  private Object standIn(Field field) {
    Doc doc = field.doc();
    if (field.shape() instanceof Maybe) {
      return Optional.empty();
    }
    if (field.shape() instanceof Sequence sequence) {
      return sequence.item() instanceof Scalar scalar && !doc.defaultValue().isEmpty()
          ? Arrays.stream(doc.defaultValue().split(",", -1))
              .map(text -> Scalars.parse(scalar.type(), text.strip(), ""))
              .toList()
          : List.of();
    }
    if (field.shape() instanceof Section section) {
      return standIn(section);
    }
    Scalar scalar = (Scalar) field.shape();
    return Scalars.parse(
        scalar.type(), doc.defaultValue().isEmpty() ? doc.example() : doc.defaultValue(), "");
  }

  private Record standIn(Section section) {
    return construct(section, section.fields().stream().map(this::standIn).toArray());
  }

  private static Record construct(Section section, Object[] values) {
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

  private void error(String path, String summary, String hint) {
    diagnostics.add(Diagnostic.error(path, summary, hint));
  }

  /** Binds one list. */
  private final class SequenceBinding {
    private final Field field;
    private final Sequence sequence;
    private final String path;
    private final String parent;
    private final List<Object> values = new ArrayList<>();
    private final Set<Object> seen = new LinkedHashSet<>();

    SequenceBinding(Field field, Sequence sequence, String path, String parent) {
      this.parent = parent;
      this.field = field;
      this.sequence = sequence;
      this.path = path;
    }

    List<Object> ofRepeated(List<Element> elements) {
      for (Element element : elements) {
        if (sequence.item() instanceof Scalar) {
          texts(element);
        } else {
          item(sequence.item(), element);
        }
      }
      return List.copyOf(values);
    }

    List<Object> ofWrapper(Element wrapper) {
      if (sequence.item() instanceof Scalar && wrapper.children().isEmpty()) {
        texts(wrapper);
        return List.copyOf(values);
      }
      if (wrapper.text() != null) {
        error(
            path,
            "has the text '" + Shown.text(wrapper.text()) + "' where elements are expected",
            "Use " + Strays.allowed(names()) + ".");
        broken.add(path);
      }
      for (Element child : wrapper.children()) {
        Shape shape = forms().get(child.name());
        if (shape == null) {
          error(
              path,
              "there is no element <" + child.name() + "> in <" + field.name() + ">",
              Strays.hint(child, names()));
          broken.add(path);
          shape = forms().size() == 1 ? sequence.item() : null;
        }
        if (shape != null) {
          item(shape, child);
        }
      }
      if (values.isEmpty() && field.doc().required() && wrapper.isEmpty()) {
        error(path, "is empty", Strays.add(field, parent));
        broken.add(path);
      }
      return List.copyOf(values);
    }

    private Map<String, Shape> forms() {
      return sequence.item() instanceof Choice choice
          ? choice.forms()
          : Map.of(field.doc().item(), sequence.item());
    }

    private List<String> names() {
      return List.copyOf(forms().keySet());
    }

    private void texts(Element element) {
      if (!element.children().isEmpty()) {
        error(
            path,
            "has elements in it where values are expected",
            "Write <" + field.name() + ">" + field.doc().example() + "</" + field.name() + ">.");
        broken.add(path);
        return;
      }
      for (String text : element.content().orElse("").split(",", -1)) {
        if (!element.isEmpty()) {
          item(sequence.item(), new Element(element.name(), text, List.of()));
        }
      }
    }

    private void item(Shape shape, Element element) {
      String itemPath = path + "[" + values.size() + "]";
      Field item = new Field(element.name(), shape, itemDoc(shape), field.range());
      Object value = single(shape, item, element, itemPath);
      if (value != null && shape instanceof Scalar && !seen.add(value)) {
        error(
            itemPath, "'" + Shown.text(value.toString()) + "' stands twice", "Remove one of them.");
      }
      // A stand-in keeps the places of the items after it.
      values.add(value == null ? firstExample(item) : value);
    }

    private Doc itemDoc(Shape shape) {
      if (sequence.item() instanceof Choice && shape instanceof Scalar scalar) {
        Doc doc = scalar.type().getAnnotation(Doc.class);
        if (doc != null) {
          return doc;
        }
      }
      return field.doc();
    }

    private Object firstExample(Field item) {
      Doc doc = item.doc();
      String examples = doc.example().isEmpty() ? doc.defaultValue() : doc.example();
      String first = sequence.item() instanceof Choice ? examples : examples.split(",", 2)[0];
      return Scalars.parse(((Scalar) item.shape()).type(), first.strip(), "");
    }
  }
}
