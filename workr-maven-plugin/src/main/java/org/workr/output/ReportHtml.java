package org.workr.output;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.workr.file.DurableFile;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Recap;
import org.workr.report.Report;
import org.workr.report.Status;

/** A report as one HTML page for people, which loads nothing from anywhere. */
public final class ReportHtml {
  private static final String TEMPLATE = "report.html";
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  record Page(
      String cluster,
      String goal,
      String started,
      String took,
      String verdict,
      String conclusion,
      List<Count> counts,
      List<HostView> hosts) {}

  record Count(String word, int number) {}

  record HostView(
      String name,
      String status,
      String took,
      String message,
      String open,
      List<Problem> problems,
      boolean changed,
      List<ChangeView> changes,
      String summary) {}

  record Problem(String severity, String path, String summary, String hint) {}

  record ChangeView(String id, String status, String took, String message) {}

  private ReportHtml() {}

  /** Writes {@code report}. */
  public static void write(Report report, Path file) throws IOException {
    DurableFile.write(file, text(report));
  }

  static String text(Report report) {
    StringWriter text = new StringWriter();
    template().execute(text, page(report));
    return text.toString();
  }

  private static Mustache template() {
    try (InputStream in = ReportHtml.class.getResourceAsStream(TEMPLATE)) {
      // Everything that {{ }} puts in is escaped.
      return new DefaultMustacheFactory()
          .compile(
              new InputStreamReader(Objects.requireNonNull(in), StandardCharsets.UTF_8), TEMPLATE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Page page(Report report) {
    List<Count> counts = new ArrayList<>();
    report
        .counts()
        .forEach(
            (status, number) -> {
              if (number > 0) {
                counts.add(new Count(status.word(), number));
              }
            });
    return new Page(
        report.cluster(),
        report.goal(),
        MINUTE.format(report.started()),
        Recap.time(report.took()),
        report.successful() ? "good" : "bad",
        Recap.conclusion(report),
        counts,
        report.hosts().stream().map(ReportHtml::host).toList());
  }

  private static HostView host(HostOutcome host) {
    return new HostView(
        host.host().value(),
        host.status().word(),
        Recap.time(host.took()),
        host.message(),
        host.needsAttention() ? "open" : "",
        host.problems().stream()
            .map(
                problem ->
                    new Problem(
                        problem.severity().name().toLowerCase(Locale.ROOT),
                        problem.path(),
                        problem.summary(),
                        problem.hint()))
            .toList(),
        !host.changes().isEmpty(),
        host.changes().stream().map(ReportHtml::change).toList(),
        summary(host));
  }

  private static ChangeView change(ChangeOutcome change) {
    return new ChangeView(
        change.id(),
        change.status().word(),
        change.status() == Status.SKIPPED ? "" : Recap.time(change.took()),
        change.message());
  }

  private static String summary(HostOutcome host) {
    List<String> parts = new ArrayList<>();
    for (Status status : Status.values()) {
      int count = host.count(status);
      if (count > 0) {
        parts.add(count + " " + status.word());
      }
    }
    return parts.isEmpty() ? "no changes" : String.join(", ", parts);
  }
}
