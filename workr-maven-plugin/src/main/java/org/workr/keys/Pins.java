package org.workr.keys;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;

/**
 * What web addresses answered when they were first asked. As text: each address on a line, its
 * answer below, indented; lines that start with # and blank lines between are for people.
 *
 * @param answers by address, without line ends at the end
 */
record Pins(Map<String, String> answers) {
  private static final String HEADER =
      """
      # The public keys that the web addresses in the pom answered with when they were first asked.
      # Only these are used, until somebody asks again: mvn workr:plan -Dworkr.refreshKeys
      # Keep this file in version control.
      """;
  private static final String INDENT = "  ";

  Pins {
    answers = Map.copyOf(answers);
  }

  /**
   * The pins that {@code text} lists.
   *
   * @throws InvalidValueException when a line is neither an address nor part of an answer
   */
  static Pins parse(String text) {
    Map<String, StringBuilder> sections = new LinkedHashMap<>();
    StringBuilder open = null;
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith(INDENT) && open != null) {
        open.append(line.substring(INDENT.length())).append('\n');
      } else if (line.isBlank()) {
        // Editors remove blanks at the ends of lines, so an empty line of an answer looks like
        // this.
        if (open != null) {
          open.append('\n');
        }
      } else if (!line.startsWith("#")) {
        open = new StringBuilder();
        if (sections.put(address(line, i + 1), open) != null) {
          throw damaged(i + 1, "'" + line + "' is in it twice");
        }
      }
    }
    Map<String, String> answers = new LinkedHashMap<>();
    sections.forEach((url, answer) -> answers.put(url, answer.toString().stripTrailing()));
    return new Pins(answers);
  }

  private static String address(String line, int number) {
    try {
      return HttpUrl.parse(line).value();
    } catch (InvalidValueException e) {
      throw damaged(number, "it is neither an address nor an indented part of an answer");
    }
  }

  private static InvalidValueException damaged(int line, String what) {
    return new InvalidValueException(
        "line " + line + ": " + what,
        "Put the file back from version control, or delete it: then every address is asked anew.");
  }

  /** The answer of {@code url}. */
  Optional<String> of(HttpUrl url) {
    return Optional.ofNullable(answers.get(url.value()));
  }

  /** The same with another answer of {@code url}. */
  Pins with(HttpUrl url, String answer) {
    Map<String, String> more = new LinkedHashMap<>(answers);
    more.put(url.value(), answer.stripTrailing());
    return new Pins(more);
  }

  /** The file's content, in the order of the addresses, so that it changes only where pins do. */
  String text() {
    StringBuilder text = new StringBuilder(HEADER);
    new TreeMap<>(answers)
        .forEach(
            (url, answer) -> {
              text.append('\n').append(url).append('\n');
              answer
                  .lines()
                  .forEach(line -> text.append(line.isEmpty() ? "" : INDENT + line).append('\n'));
            });
    return text.toString();
  }
}
