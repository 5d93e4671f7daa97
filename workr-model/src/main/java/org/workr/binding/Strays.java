package org.workr.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.workr.binding.Shape.Field;
import org.workr.binding.Shape.Maybe;
import org.workr.binding.Shape.Scalar;
import org.workr.binding.Shape.Section;
import org.workr.binding.Shape.Sequence;

/** What to say of elements that should not be there, and of those that should. */
final class Strays {
  private static final Pattern SECRET =
      Pattern.compile("passw(or)?d|passphrase|secret|token|authkey");

  private Strays() {}

  /** The component that a misspelt element was meant for; empty when it is right elsewhere. */
  static Optional<String> meant(Element stray, Section section, Section root) {
    return places(stray.name(), root, "").isEmpty()
        ? Suggestion.nearest(stray.name(), names(section))
        : Optional.empty();
  }

  /** The list of {@code section} that a stray is an item of. */
  static Optional<Field> listOf(Element stray, Section section) {
    return section.fields().stream().filter(f -> f.doc().item().equals(stray.name())).findFirst();
  }

  /** What to do about an element that is not allowed in {@code section}. */
  static String hint(Element stray, Section section, Section root, String rootName) {
    List<String> places = places(stray.name(), root, rootName);
    return places.isEmpty()
        ? hint(stray, names(section))
        : "It belongs under " + String.join(" or ", places) + ".";
  }

  /** What to do about an element that is not one of {@code allowed}. */
  static String hint(Element stray, List<String> allowed) {
    Optional<String> meant = Suggestion.nearest(stray.name(), allowed);
    if (meant.isEmpty() && looksSecret(stray)) {
      return "Secrets never stand in a pom: use settings.xml, the environment or the keystore."
          + " Remove it.";
    }
    return meant.map(name -> "Did you mean <" + name + ">? ").orElse("")
        + "Allowed here: "
        + tags(allowed)
        + ".";
  }

  /** What to do about a required element that is missing. */
  static String add(Field field, String parent) {
    String what = field.doc().value();
    int end = what.indexOf(". ");
    String first = end < 0 ? what : what.substring(0, end + 1);
    return "Add <"
        + field.name()
        + ">"
        + (field.doc().example().isEmpty() ? "..." : field.doc().example())
        + "</"
        + field.name()
        + "> under <"
        + parent
        + ">: "
        + first.substring(0, 1).toLowerCase(Locale.ROOT)
        + first.substring(1);
  }

  static String tags(List<String> names) {
    return names.stream().map(name -> "<" + name + ">").collect(Collectors.joining(", "));
  }

  static List<String> names(Section section) {
    return section.fields().stream().map(Field::name).toList();
  }

  private static boolean looksSecret(Element stray) {
    return SECRET.matcher(stray.name().toLowerCase(Locale.ROOT)).find();
  }

  /** The elements, below {@code root}, in which an element of that name may stand. */
  private static List<String> places(String name, Section section, String sectionName) {
    List<String> found = new ArrayList<>();
    for (Field field : section.fields()) {
      if (field.name().equals(name)) {
        found.add("<" + sectionName + ">");
      }
      Shape shape = field.shape();
      if (shape instanceof Maybe maybe) {
        shape = maybe.shape();
      }
      String inner = field.name();
      if (shape instanceof Sequence sequence && !(sequence.item() instanceof Scalar)) {
        shape = sequence.item();
        inner = field.doc().item().isEmpty() ? inner : field.doc().item();
      }
      if (shape instanceof Section nested) {
        found.addAll(places(name, nested, inner));
      }
    }
    return found;
  }
}
