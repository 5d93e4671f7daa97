package org.workr.render;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Fills in texts: words in capitals that stand for values. */
public final class Placeholders {
  private Placeholders() {}

  /**
   * {@code text} with the values of {@code words} in the place of these. What is filled in is not
   * looked at again, so a value may be like a word.
   */
  public static String fill(String text, Map<String, String> words) {
    Pattern any =
        Pattern.compile(
            words.keySet().stream()
                // The longer one first, where one begins with another.
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|")));
    return any.matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(words.getOrDefault(found.group(), "")));
  }
}
