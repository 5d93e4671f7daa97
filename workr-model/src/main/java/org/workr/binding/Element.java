package org.workr.binding;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One XML element of the pom, expressions evaluated. An attribute is a child {@code @name}, so that
 * it is reported instead of ignored.
 *
 * <p>An expression that nothing defines is kept as it was written, {@code ${name}}, so that it can
 * be named in a message.
 *
 * @param name the element's name
 * @param text its text without surrounding white space; null when there is none but white space
 * @param children the elements in it, in document order
 */
public record Element(String name, @Nullable String text, List<Element> children) {

  /** Strips the text and copies the children. */
  public Element {
    text = text == null || text.isBlank() ? null : text.strip();
    children = List.copyOf(children);
  }

  /** An element with nothing in it. */
  public static Element empty(String name) {
    return new Element(name, null, List.of());
  }

  /** The text, if there is any. */
  public Optional<String> content() {
    return Optional.ofNullable(text);
  }

  /** Whether it has neither text nor children. */
  public boolean isEmpty() {
    return text == null && children.isEmpty();
  }

  /** The children of that name, in document order. */
  public List<Element> named(String child) {
    return children.stream().filter(c -> c.name().equals(child)).toList();
  }
}
