package org.workr.binding;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.workr.binding.Shape.Choice;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Maybe;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Section;
import org.workr.binding.Shape.Sequence;

/** The reference of everything that binds to a record, as Markdown. */
public final class ReferencePage {
  private final StringBuilder page = new StringBuilder();

  private ReferencePage() {}

  /** A heading and a table for the record and for each record in it. */
  public static String of(Class<? extends Record> type, String element) {
    ReferencePage reference = new ReferencePage();
    reference.section(Shapes.section(type), element);
    return reference.page.toString();
  }

  private void section(Section section, String path) {
    page.append("## ").append(path).append("\n\n");
    page.append(section.type().getAnnotation(Doc.class).value()).append("\n\n");
    page.append("| element | holds | when left out | example |\n|---|---|---|---|\n");
    for (Field field : section.fields()) {
      page.append("| ")
          .append(code("<" + field.name() + ">"))
          .append("<br>")
          .append(cell(field.doc().value()))
          .append(" | ")
          .append(holds(field, path))
          .append(" | ")
          .append(absent(field))
          .append(" | ")
          .append(field.doc().example().isEmpty() ? "" : code(field.doc().example()))
          .append(" |\n");
    }
    page.append("\n");
    section.fields().forEach(field -> nested(field, path));
  }

  private void nested(Field field, String path) {
    Shape shape = inner(field.shape());
    if (shape instanceof Section section) {
      section(section, innerPath(field, path));
    } else if (shape instanceof Choice choice) {
      page.append("## ").append(innerPath(field, path)).append("\n\n");
      page.append("Any of these, any number of times.\n\n");
      page.append("| element | holds | example |\n|---|---|---|\n");
      choice.forms().forEach((name, form) -> form(name, (Scalar) form));
      page.append("\n");
    }
  }

  private void form(String name, Scalar form) {
    Doc doc = form.type().getAnnotation(Doc.class);
    page.append("| ")
        .append(code("<" + name + ">"))
        .append(" | ")
        .append(cell(doc.value()))
        .append(" | ")
        .append(code(doc.example()))
        .append(" |\n");
  }

  private static String innerPath(Field field, String path) {
    String inner = path + "." + field.name();
    return field.doc().item().isEmpty() ? inner : inner + "." + field.doc().item();
  }

  private static Shape inner(Shape shape) {
    if (shape instanceof Maybe maybe) {
      return maybe.shape();
    }
    return shape instanceof Sequence sequence ? sequence.item() : shape;
  }

  private static String holds(Field field, String path) {
    Shape shape = inner(field.shape());
    String what = shape instanceof Scalar scalar ? scalar(scalar, field) : link(field, path);
    if (!(field.shape() instanceof Sequence)) {
      return what;
    }
    if (shape instanceof Choice) {
      return "list, see " + what;
    }
    if (field.doc().item().isEmpty()) {
      return shape instanceof Scalar
          ? "list, with commas or the element repeated: " + what
          : "list, by repeating the element: " + what;
    }
    return shape instanceof Scalar
        ? "list, with commas or as " + code("<" + field.doc().item() + ">") + ": " + what
        : "list of " + what;
  }

  private static String link(Field field, String path) {
    String inner = innerPath(field, path);
    String anchor = inner.toLowerCase(Locale.ROOT).replace(".", "");
    String name = field.doc().item().isEmpty() ? field.name() : field.doc().item();
    return "[" + code("<" + name + ">") + "](#" + anchor + ")";
  }

  private static String scalar(Scalar scalar, Field field) {
    Class<?> type = scalar.type();
    Range range = field.range();
    String limits = range == null ? "" : ", " + range.min() + " to " + range.max();
    if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> code(Scalars.written(constant)))
          .collect(Collectors.joining(", "));
    }
    Map<Class<?>, String> known =
        Map.of(
            int.class, "number",
            Integer.class, "number",
            boolean.class, "`true` or `false`",
            Duration.class, "duration",
            String.class, "text");
    return known.getOrDefault(type, words(type)) + limits;
  }

  /** The name of a class as words: {@code SshPublicKey} is an SSH public key. */
  private static String words(Class<?> type) {
    String words =
        type.getSimpleName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    return words
        .replace("ipv4", "IPv4 address")
        .replace("IPv4 address range", "range of IPv4 addresses")
        .replace("address range", "range of IPv4 addresses with prefix length")
        .replace("hostname range", "range of host names")
        .replace("http url", "URL")
        .replace("url", "URL")
        .replace("open pgp", "OpenPGP")
        .replace("pgp", "OpenPGP")
        .replace("rpackage", "R package")
        .replace("cpu", "CPU")
        .replace("tty name", "serial device")
        .replace("repository word", "word");
  }

  private static String absent(Field field) {
    if (field.required()) {
      return "**required**";
    }
    if (!field.doc().defaultValue().isEmpty()) {
      return code(field.doc().defaultValue());
    }
    return field.shape() instanceof Section ? "its defaults" : cell(field.doc().otherwise());
  }

  private static String code(String text) {
    return "`" + cell(text) + "`";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|").replaceAll("\\s+", " ");
  }
}
