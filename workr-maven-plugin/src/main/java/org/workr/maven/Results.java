package org.workr.maven;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.workr.engine.Workr;
import org.workr.output.JunitXml;
import org.workr.output.PlanJson;
import org.workr.output.ReportHtml;
import org.workr.output.ReportJson;
import org.workr.output.StatusJson;
import org.workr.plan.Plan;
import org.workr.report.Report;

/** The files that a run leaves under {@code target/workr}. */
final class Results {
  private static final String PLAN = "plan.json";
  private static final String REPORT = "report.json";
  private static final String JUNIT = "junit.xml";
  private static final String STATUS = "status.json";
  private static final String HTML = "report.html";

  private Results() {}

  /**
   * Removes all results from before {@code begun}, so that nobody takes them for those of a run
   * that ends without any. What an earlier goal of the same run of Maven wrote is younger.
   */
  static void removeFromBefore(Instant begun, Path folder) throws IOException {
    for (String name : List.of(PLAN, STATUS, REPORT, JUNIT, HTML)) {
      Path file = folder.resolve(name);
      if (Files.exists(file) && Files.getLastModifiedTime(file).toInstant().isBefore(begun)) {
        Files.delete(file);
      }
    }
  }

  static void write(Plan plan, Path folder) throws IOException {
    PlanJson.write(plan, folder.resolve(PLAN));
  }

  static void write(Workr.Standing standing, Path folder) throws IOException {
    StatusJson.write(standing.hosts(), standing.cluster(), folder.resolve(STATUS));
  }

  static void write(Report report, Path folder) throws IOException {
    ReportJson.write(report, folder.resolve(REPORT));
    JunitXml.write(report, folder.resolve(JUNIT));
    ReportHtml.write(report, folder.resolve(HTML));
  }
}
