package org.workr.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.HostNames;
import org.workr.value.Hostname;

/**
 * The end of a run as plain ASCII lines: one row per host, the problems, and what to do next.
 *
 * <pre>
 * host    status   ok  changed  failed  skipped    time  reason
 * workr1  changed   2        5       0        0  1m 12s
 * workr2  failed    0        1       1        3     48s  packages.clevis: exit status 100
 * </pre>
 */
public final class Recap {
  private static final List<String> HEADER =
      List.of("host", "status", "ok", "changed", "failed", "skipped", "time", "reason");

  private Recap() {}

  /** The lines for {@code report}, each ended by a line feed. */
  public static String text(Report report) {
    StringBuilder text = new StringBuilder();
    table(report, text);
    List<Diagnostic> problems = problems(report);
    text.append(problems.isEmpty() ? "" : "\n");
    for (Diagnostic problem : problems) {
      text.append(problem.isError() ? "error    " : "warning  ").append(problem).append('\n');
    }
    text.append('\n').append(conclusion(report)).append('\n');
    return ascii(text.toString());
  }

  /** A time span for a person: {@code 0.4s}, {@code 48s}, {@code 1m 12s} or {@code 2h 05m}. */
  public static String time(Duration span) {
    long millis = span.toMillis();
    if (millis < 9_950) {
      long tenths = (millis + 50) / 100;
      return tenths / 10 + "." + tenths % 10 + "s";
    }
    long seconds = (millis + 500) / 1000;
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return seconds / 60 + "m " + twoDigits(seconds % 60) + "s";
    }
    return seconds / 3600 + "h " + twoDigits(seconds % 3600 / 60) + "m";
  }

  /** What the run means and what to do next: one to three sentences. */
  public static String conclusion(Report report) {
    List<HostOutcome> attention = report.needingAttention();
    if (attention.isEmpty()) {
      return success(report);
    }
    String names = HostNames.folded(attention.stream().map(HostOutcome::host).toList());
    return attention.size()
        + " of "
        + hosts(report.hosts().size())
        + (attention.size() == 1 ? " needs attention: " : " need attention: ")
        + names
        + ". Mend what is said above, then run the same goal again: it goes on from where each host"
        + " stands. To leave the other hosts alone: mvn workr:"
        + report.goal()
        + " "
        + (names.contains("[") ? "\"-Dworkr.limit=" + names + "\"" : "-Dworkr.limit=" + names);
  }

  private static String success(Report report) {
    int changed = report.counts().getOrDefault(Status.CHANGED, 0);
    int skipped = report.counts().getOrDefault(Status.SKIPPED, 0);
    int done = report.hosts().size() - skipped;
    String leftOut = skipped == 0 ? "" : " Left out: " + hosts(skipped) + ".";
    if (done == 0) {
      return "No host was looked at." + leftOut;
    }
    List<Hostname> goingOn =
        report.hosts().stream().filter(HostOutcome::goesOn).map(HostOutcome::host).toList();
    if (!goingOn.isEmpty()) {
      return "Work goes on by itself on "
          + HostNames.folded(goingOn)
          + ". Run the same goal again to finish it: mvn workr:"
          + report.goal()
          + "."
          + leftOut;
    }
    String changes = changed == 0 ? "nothing had to change." : "after changes on " + changed + ".";
    return switch (report.goal()) {
          case "provision" -> all(done, "The host is", " hosts are") + " as declared, " + changes;
          case "rekey" ->
              (done == 1 ? "The keys of the host are" : "The keys of all " + done + " hosts are")
                  + " as young as they were to be, "
                  + changes;
          case "deploy-container" ->
              all(done, "The container of the host is", " containers are")
                  + " as declared and locked, "
                  + changes;
          case "reap" ->
              all(done, "The host has", " hosts have")
                  + " no R process that is left behind, "
                  + changes;
          case "decommission" -> decommissioned(report, done);
          default -> all(done, "The host is", " hosts are") + " fit for what the pom declares.";
        }
        + leftOut;
  }

  /** What is said of a host that was given up is not that its disks are erased. */
  private static String decommissioned(Report report, int done) {
    return report.hosts().stream()
        .filter(host -> host.status() == Status.CHANGED && !host.message().isEmpty())
        .map(host -> host.host() + ": " + host.message())
        .findFirst()
        .orElseGet(
            () ->
                all(done, "The disks of the host are", " hosts have disks that are")
                    + " erased: nothing opens them any more.");
  }

  private static String all(int count, String one, String many) {
    return count == 1 ? one : "All " + count + many;
  }

  private static void table(Report report, StringBuilder text) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    for (HostOutcome host : report.hosts()) {
      rows.add(
          List.of(
              host.host().value(),
              host.status().word(),
              Integer.toString(host.count(Status.OK)),
              Integer.toString(host.count(Status.CHANGED)),
              Integer.toString(host.count(Status.FAILED)),
              Integer.toString(host.count(Status.SKIPPED)),
              time(host.took()),
              host.message().lines().findFirst().orElse("")));
    }
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int column = 0; column < widths.length; column++) {
        widths[column] = Math.max(widths[column], row.get(column).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < widths.length; column++) {
        String cell = row.get(column);
        String padding = " ".repeat(widths[column] - cell.length());
        boolean number = column >= 2 && column <= 6;
        line.append(number ? padding + cell : cell + padding).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  /** What many hosts have is said once. */
  private static List<Diagnostic> problems(Report report) {
    Map<Diagnostic, List<Hostname>> whose = new LinkedHashMap<>();
    for (HostOutcome host : report.hosts()) {
      for (Diagnostic problem : host.problems()) {
        whose.computeIfAbsent(at("", problem), key -> new ArrayList<>()).add(host.host());
      }
    }
    List<Diagnostic> problems = new ArrayList<>();
    whose.forEach((problem, hosts) -> problems.add(at(HostNames.folded(hosts), problem)));
    return problems;
  }

  private static Diagnostic at(String path, Diagnostic problem) {
    return new Diagnostic(problem.severity(), path, problem.summary(), problem.hint());
  }

  private static String hosts(int count) {
    return count == 1 ? "1 host" : count + " hosts";
  }

  private static String twoDigits(long number) {
    return number < 10 ? "0" + number : Long.toString(number);
  }

  /** Terminals and CI logs of every encoding show this unharmed, and no text can move a cursor. */
  private static String ascii(String text) {
    return text.replace('\t', ' ').replaceAll("[^\\n\\x20-\\x7e]", "?");
  }
}
