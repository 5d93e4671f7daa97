package org.workr.maven;

import java.io.IOException;
import java.nio.file.Path;
import org.workr.output.JunitXml;
import org.workr.output.PlanJson;
import org.workr.output.ReportHtml;
import org.workr.output.ReportJson;
import org.workr.plan.Plan;
import org.workr.report.Report;

/** The files that a run leaves under {@code target/workr}. */
final class Results {
  private Results() {}

  static void write(Plan plan, Path folder) throws IOException {
    PlanJson.write(plan, folder.resolve("plan.json"));
  }

  static void write(Report report, Path folder) throws IOException {
    ReportJson.write(report, folder.resolve("report.json"));
    JunitXml.write(report, folder.resolve("junit.xml"));
    ReportHtml.write(report, folder.resolve("report.html"));
  }
}
