package org.workr.binding;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Elements from the JDK's XML parser, which the pom's elements are for tests. */
public final class XmlElements {
  private XmlElements() {}

  /** The tree in a resource of the tests. */
  public static Element resource(String name) {
    try (InputStream in = XmlElements.class.getResourceAsStream(name)) {
      return of(
          DocumentBuilderFactory.newInstance()
              .newDocumentBuilder()
              .parse(Objects.requireNonNull(in, name))
              .getDocumentElement());
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  /** The tree under {@code node}. */
  public static Element of(Node node) {
    StringBuilder text = new StringBuilder();
    List<Element> children = new ArrayList<>();
    NodeList nodes = node.getChildNodes();
    for (int i = 0; i < nodes.getLength(); i++) {
      Node child = nodes.item(i);
      if (child.getNodeType() == Node.ELEMENT_NODE) {
        children.add(of(child));
      } else if (child.getNodeType() != Node.COMMENT_NODE) {
        text.append(child.getNodeValue());
      }
    }
    return new Element(node.getNodeName(), text.toString(), children);
  }
}
