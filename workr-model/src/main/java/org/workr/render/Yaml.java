package org.workr.render;

import java.util.List;
import java.util.stream.Collectors;

/** Scalars and lists of YAML 1.2 in its flow style, which is also JSON. */
public final class Yaml {
  private Yaml() {}

  /** A double-quoted scalar (section 7.3.1). */
  public static String string(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').appendCodePoint(c);
              } else if (c < ' ' || c == 127) {
                quoted.append(String.format("\\u%04x", c));
              } else {
                quoted.appendCodePoint(c);
              }
            });
    return quoted.append('"').toString();
  }

  /** A sequence of strings on one line. */
  public static String strings(List<String> texts) {
    return texts.stream().map(Yaml::string).collect(Collectors.joining(", ", "[", "]"));
  }
}
