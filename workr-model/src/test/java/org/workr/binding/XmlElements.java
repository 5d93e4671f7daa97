package org.workr.binding;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Elements from the JDK's XML parser, which the pom's elements are for tests. */
public final class XmlElements {
  private XmlElements() {}

  /** The tree in a resource of the tests. */
  public static Element resource(String name) {
    try (InputStream in = XmlElements.class.getResourceAsStream(name)) {
      return read(Objects.requireNonNull(in, name));
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  /** The tree in a file. */
  public static Element file(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    } catch (IOException | ParserConfigurationException | SAXException e) {
      throw new IllegalArgumentException(file.toString(), e);
    }
  }

  private static Element read(InputStream in)
      throws IOException, ParserConfigurationException, SAXException {
    return of(
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in).getDocumentElement());
  }

  /** The tree under {@code node}; attributes as the plugin gives them. */
  public static Element of(Node node) {
    StringBuilder text = new StringBuilder();
    List<Element> children = new ArrayList<>();
    NamedNodeMap attributes = node.getAttributes();
    for (int i = 0; i < attributes.getLength(); i++) {
      Node attribute = attributes.item(i);
      children.add(new Element("@" + attribute.getNodeName(), attribute.getNodeValue(), List.of()));
    }
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
