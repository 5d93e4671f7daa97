package org.workr;

import java.util.List;
import org.workr.binding.Element;

/** XML of a pom, as tests write it. */
public final class Elements {
  private Elements() {}

  /** {@code <name>text</name>}. */
  public static Element text(String name, String text) {
    return new Element(name, text, List.of());
  }

  /** An element with others in it. */
  public static Element tree(String name, Element... children) {
    return new Element(name, null, List.of(children));
  }
}
