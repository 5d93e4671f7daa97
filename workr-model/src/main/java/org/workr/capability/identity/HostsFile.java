package org.workr.capability.identity;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The file /etc/hosts and its line for 127.0.1.1, by which a Debian machine finds its own name
 * without DNS (hosts(5), Debian policy). Everything else in the file stays as it is.
 *
 * @param content all of it
 */
record HostsFile(String content) {
  private static final Pattern OWN = Pattern.compile("\\s*127\\.0\\.1\\.1\\s+([^#]*?)\\s*(#.*)?");
  private static final String FRESH =
      """
      127.0.0.1 localhost
      ::1 localhost ip6-localhost ip6-loopback
      """;

  /** Whether exactly one line is for 127.0.1.1, and its first names are {@code names}. */
  boolean names(List<String> names) {
    List<List<String>> own =
        content.lines().map(HostsFile::ownNames).filter(n -> !n.isEmpty()).toList();
    return own.size() == 1
        && own.get(0).size() >= names.size()
        && own.get(0).subList(0, names.size()).equals(names);
  }

  /** The lines for 127.0.1.1, as they are. */
  String ownLines() {
    return String.join("\n", content.lines().filter(line -> OWN.matcher(line).matches()).toList());
  }

  /**
   * The file with one line for 127.0.1.1.
   *
   * @param names first names on the line
   * @param former host names that the machine loses; other aliases stay
   */
  HostsFile with(List<String> names, Set<String> former) {
    Set<String> all = new LinkedHashSet<>(names);
    String comment = "";
    for (String line : content.lines().toList()) {
      Matcher matcher = OWN.matcher(line);
      if (matcher.matches()) {
        ownNames(line).stream().filter(name -> !isFormer(name, former)).forEach(all::add);
        comment = matcher.group(2) == null ? comment : " " + matcher.group(2);
      }
    }
    String own = "127.0.1.1 " + String.join(" ", all) + comment;
    List<String> lines = new ArrayList<>();
    int at = -1;
    for (String line : (content.isBlank() ? FRESH : content).lines().toList()) {
      if (!OWN.matcher(line).matches()) {
        lines.add(line);
        at = at < 0 && line.matches("\\s*127\\.0\\.0\\.1\\s.*") ? lines.size() : at;
      } else if (!lines.contains(own)) {
        lines.add(own);
      }
    }
    if (!lines.contains(own)) {
      lines.add(Math.max(at, 0), own);
    }
    return new HostsFile(String.join("\n", lines) + "\n");
  }

  private static boolean isFormer(String name, Set<String> former) {
    return former.stream().anyMatch(f -> name.equals(f) || name.startsWith(f + "."));
  }

  private static List<String> ownNames(String line) {
    Matcher matcher = OWN.matcher(line);
    return matcher.matches() && !matcher.group(1).isEmpty()
        ? List.of(matcher.group(1).split("\\s+"))
        : List.of();
  }
}
