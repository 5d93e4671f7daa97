package org.workr.binding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.workr.binding.Shape.Choice;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Sequence;

/** Binds the elements of one list. */
final class ListBinder {

  /** Binds one element of a shape; null when it is broken, which is reported. */
  interface ItemBinder {
    @Nullable Object bind(Shape shape, Field field, Element element, String path);
  }

  private final ItemBinder items;
  private final Ledger ledger;
  private final Field field;
  private final Sequence sequence;
  private final String path;
  private final List<Object> values = new ArrayList<>();
  private final Set<Object> seen = new HashSet<>();

  ListBinder(ItemBinder items, Ledger ledger, Field field, Sequence sequence, String path) {
    this.items = items;
    this.ledger = ledger;
    this.field = field;
    this.sequence = sequence;
    this.path = path;
  }

  /** A list that is written by repeating the element, texts also with commas between them. */
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

  /** A list in an element of its own: an element for each item, or texts with commas. */
  List<Object> ofWrapper(Element written, String parent) {
    Element wrapper = Attributes.refuse(written, path, ledger);
    if (sequence.item() instanceof Scalar && wrapper.children().isEmpty()) {
      texts(wrapper);
    } else {
      elements(wrapper);
    }
    if (wrapper.isEmpty() && field.doc().required()) {
      ledger.broken(path, "is empty", Strays.add(field, parent));
    }
    return List.copyOf(values);
  }

  private void elements(Element wrapper) {
    Map<String, Shape> forms =
        sequence.item() instanceof Choice choice
            ? choice.forms()
            : Map.of(field.doc().item(), sequence.item());
    List<String> names = List.copyOf(forms.keySet());
    if (wrapper.text() != null) {
      ledger.broken(
          path,
          "has the text '" + Shown.text(wrapper.text()) + "' where elements are expected",
          "Use " + Strays.tags(names) + ".");
    }
    for (Element child : wrapper.children()) {
      Shape shape = forms.get(child.name());
      if (shape == null) {
        ledger.broken(
            path,
            "there is no element <" + child.name() + "> in <" + field.name() + ">",
            Strays.hint(child, names));
        shape = forms.size() == 1 ? sequence.item() : null;
      }
      if (shape != null) {
        item(shape, child);
      }
    }
  }

  private void texts(Element written) {
    Element element = Attributes.refuse(written, path, ledger);
    if (!element.children().isEmpty()) {
      ledger.broken(
          path,
          "has elements in it where values are expected",
          "Write <" + field.name() + ">" + field.sample() + "</" + field.name() + ">.");
    } else if (element.text() != null) {
      for (String text : element.text().split(",", -1)) {
        item(sequence.item(), new Element(element.name(), text, List.of()));
      }
    }
  }

  private void item(Shape shape, Element element) {
    String itemPath = path + "[" + values.size() + "]";
    Field item = new Field(element.name(), shape, doc(shape), field.range());
    Object value = items.bind(shape, item, element, itemPath);
    if (value != null && shape instanceof Scalar && !seen.add(value)) {
      ledger.error(
          itemPath,
          "'" + Shown.text(element.content().orElse("")) + "' stands twice",
          "Remove one of them.");
    }
    // A stand-in keeps the places of the items after it.
    values.add(value == null ? StandIns.first(item) : value);
  }

  private Doc doc(Shape shape) {
    Doc own =
        sequence.item() instanceof Choice && shape instanceof Scalar scalar
            ? scalar.type().getAnnotation(Doc.class)
            : null;
    return own == null ? field.doc() : own;
  }
}
