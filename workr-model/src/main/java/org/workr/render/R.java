package org.workr.render;

import java.util.List;
import java.util.stream.Collectors;

/** Literals of R (R Language Definition, section 10.3.1). */
public final class R {
  private R() {}

  /** A character string; whatever is not plain ASCII as an escape, so that no locale matters. */
  public static String string(String text) {
    StringBuilder literal = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == 0) {
                throw new IllegalArgumentException("a string of R cannot contain NUL");
              } else if (c == '"' || c == '\\') {
                literal.append('\\').appendCodePoint(c);
              } else if (c >= ' ' && c < 127) {
                literal.appendCodePoint(c);
              } else {
                literal.append(String.format("\\U{%x}", c));
              }
            });
    return literal.append('"').toString();
  }

  /** A character vector. */
  public static String strings(List<String> texts) {
    return texts.isEmpty()
        ? "character()"
        : texts.stream().map(R::string).collect(Collectors.joining(", ", "c(", ")"));
  }

  /** An integer vector of at least one element. */
  public static String integers(List<Integer> numbers) {
    return numbers.stream().map(n -> n + "L").collect(Collectors.joining(", ", "c(", ")"));
  }
}
