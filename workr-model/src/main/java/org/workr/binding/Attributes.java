package org.workr.binding;

import java.util.List;

/** XML attributes, which mean nothing here: each arrives as a child {@code @name}. */
final class Attributes {
  private Attributes() {}

  /** The element without its attributes, which are reported. */
  static Element refuse(Element element, String path, Ledger ledger) {
    List<Element> kept = element.children().stream().filter(c -> !isAttribute(c)).toList();
    for (Element child : element.children()) {
      if (isAttribute(child)) {
        String name = child.name().substring(1);
        ledger.error(
            path,
            "has an attribute '" + name + "', and nothing here has attributes",
            "Write elements: <" + name + ">...</" + name + ">.");
      }
    }
    return new Element(element.name(), element.text(), kept);
  }

  private static boolean isAttribute(Element element) {
    return element.name().startsWith("@");
  }
}
