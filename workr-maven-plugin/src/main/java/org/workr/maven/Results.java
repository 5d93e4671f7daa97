package org.workr.maven;

import java.io.IOException;
import java.nio.file.Path;
import org.workr.file.DurableFile;
import org.workr.plan.Plan;
import org.workr.report.Report;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The files that a run leaves under {@code target/workr}. */
final class Results {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private Results() {}

  static void write(Plan plan, Path folder) throws IOException {
    DurableFile.write(folder.resolve("plan.json"), JSON.writeValueAsString(plan));
  }

  static void write(Report report, Path folder) throws IOException {
    DurableFile.write(folder.resolve("report.json"), JSON.writeValueAsString(report));
  }
}
