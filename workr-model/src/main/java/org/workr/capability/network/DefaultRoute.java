package org.workr.capability.network;

import java.util.List;
import java.util.Optional;
import org.workr.value.Ipv4;

/**
 * A way to all other networks.
 *
 * @param networkInterface through which interface
 * @param gateway through which router; empty when there is none in between
 * @param metric the lower, the better; 0 when not shown
 */
record DefaultRoute(String networkInterface, Optional<Ipv4> gateway, int metric) {

  /** From the lines of {@code ip -o -4 route show default}. */
  static List<DefaultRoute> parse(String text) {
    return text.lines().filter(line -> !line.isBlank()).map(DefaultRoute::parseLine).toList();
  }

  private static DefaultRoute parseLine(String line) {
    List<String> words = List.of(line.strip().split("[ \\\\\t]+"));
    if (!words.get(0).equals("default")) {
      throw new IllegalArgumentException("'" + line + "' is not a default route");
    }
    return new DefaultRoute(
        after(words, "dev").orElse(""),
        after(words, "via").filter(via -> !via.equals("inet6")).map(Ipv4::parse),
        after(words, "metric").map(Integer::parseInt).orElse(0));
  }

  private static Optional<String> after(List<String> words, String word) {
    int at = words.indexOf(word);
    return at < 0 || at + 1 >= words.size() ? Optional.empty() : Optional.of(words.get(at + 1));
  }
}
