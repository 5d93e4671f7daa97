package org.workr.capability.network;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a probe of this package prints: lines of a key, a blank and a value, where {@code -} stands
 * for no value.
 *
 * @param values by key, in the order of the lines
 */
record KeyedLines(Map<String, List<String>> values) {

  /** Refuses lines without a key and a value. */
  static KeyedLines parse(String text) {
    return new KeyedLines(
        text.lines()
            .filter(line -> !line.isBlank())
            .map(KeyedLines::split)
            .collect(
                Collectors.groupingBy(
                    pair -> pair[0], Collectors.mapping(pair -> pair[1], Collectors.toList()))));
  }

  private static String[] split(String line) {
    String[] pair = line.split(" ", 2);
    if (pair.length < 2 || pair[0].isEmpty()) {
      throw new IllegalArgumentException("'" + line + "' is not a key and a value");
    }
    return pair;
  }

  /** All values of {@code key} but {@code -}. */
  List<String> all(String key) {
    return values.getOrDefault(key, List.of()).stream()
        .map(String::strip)
        .filter(value -> !value.equals("-") && !value.isEmpty())
        .toList();
  }

  /** The first value of {@code key} but {@code -}. */
  Optional<String> first(String key) {
    return all(key).stream().findFirst();
  }
}
