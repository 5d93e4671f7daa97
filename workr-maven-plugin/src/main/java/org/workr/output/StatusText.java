package org.workr.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.workr.capability.StatusLine;
import org.workr.value.Hostname;

/** How hosts stand, as lines for a person; what wants attention has an exclamation mark. */
public final class StatusText {
  private StatusText() {}

  /** The lines of all hosts, each host's name first, and then those of the cluster. */
  public static List<String> lines(
      Map<Hostname, List<StatusLine>> hosts, List<StatusLine> cluster) {
    List<String> lines = new ArrayList<>();
    hosts.forEach((host, standing) -> lines.addAll(lines(host.value(), standing)));
    if (!cluster.isEmpty()) {
      lines.addAll(lines("the cluster", cluster));
    }
    return lines;
  }

  private static List<String> lines(String whose, List<StatusLine> standing) {
    List<String> lines = new ArrayList<>();
    lines.add(whose + ":" + (standing.isEmpty() ? " nothing to tell" : ""));
    int width = standing.stream().mapToInt(l -> l.subject().length()).max().orElse(0);
    for (StatusLine line : standing) {
      String subject = line.subject() + " ".repeat(width - line.subject().length());
      lines.add("  " + (line.attention() ? "! " : "  ") + subject + "  " + line.text());
    }
    return lines;
  }
}
