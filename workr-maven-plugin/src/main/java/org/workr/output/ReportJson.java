package org.workr.output;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.workr.file.DurableFile;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;

/** A report as JSON, for programs. */
public final class ReportJson {

  /**
   * What the file holds.
   *
   * @param format 1
   * @param counts hosts by status
   */
  private record Content(
      int format,
      String cluster,
      String goal,
      boolean successful,
      Instant started,
      Duration took,
      Map<Status, Integer> counts,
      List<HostOutcome> hosts) {}

  private ReportJson() {}

  /** Writes {@code report}. */
  public static void write(Report report, Path file) throws IOException {
    DurableFile.write(file, text(report));
  }

  static String text(Report report) {
    return Json.MAPPER.writeValueAsString(
            new Content(
                Json.FORMAT,
                report.cluster(),
                report.goal(),
                report.successful(),
                report.started(),
                report.took(),
                report.counts(),
                report.hosts()))
        + "\n";
  }
}
