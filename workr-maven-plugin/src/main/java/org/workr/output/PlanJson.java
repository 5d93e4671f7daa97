package org.workr.output;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.workr.file.DurableFile;
import org.workr.plan.HostPlan;
import org.workr.plan.Plan;
import tools.jackson.core.JacksonException;

/** Plans as JSON files that can be kept, compared and read again. */
public final class PlanJson {

  /**
   * What the file holds.
   *
   * @param format 1
   * @param cluster its name
   * @param hosts their plans
   */
  private record Content(int format, String cluster, List<HostPlan> hosts) {}

  private PlanJson() {}

  /** Writes {@code plan}. */
  public static void write(Plan plan, Path file) throws IOException {
    DurableFile.write(file, text(plan));
  }

  /**
   * The plan in {@code file}.
   *
   * @throws IOException when it cannot be read or is no plan; the message says where and why
   */
  public static Plan read(Path file) throws IOException {
    String text = Files.readString(file);
    try {
      return plan(text);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  static String text(Plan plan) {
    return Json.MAPPER.writeValueAsString(new Content(Json.FORMAT, plan.cluster(), plan.hosts()))
        + "\n";
  }

  static Plan plan(String text) {
    try {
      Content content = Json.MAPPER.readValue(text, Content.class);
      if (content == null) {
        throw new IllegalArgumentException(
            "this is not a plan: null. Make the plan anew with mvn workr:plan.");
      }
      if (content.format() != Json.FORMAT) {
        throw new IllegalArgumentException(
            "this is a plan of format "
                + content.format()
                + ", and this version of workr reads format "
                + Json.FORMAT
                + ". Make the plan anew with mvn workr:plan.");
      }
      return new Plan(content.cluster(), content.hosts());
    } catch (JacksonException e) {
      throw new IllegalArgumentException(
          "this is not a plan: "
              + e.getOriginalMessage()
              + (e.getLocation() == null
                  ? ""
                  : " (line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()
                      + ")")
              + ". Make the plan anew with mvn workr:plan.",
          e);
    }
  }
}
