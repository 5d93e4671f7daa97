package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.report.Recap;
import org.workr.report.Report;
import org.workr.secret.ServerPasswords;

/** A goal that changes hosts. */
abstract class ChangingMojo extends ConnectedMojo {

  /**
   * Whether to wait, {@code true} or {@code false}, for work that goes on by itself on the hosts,
   * such as a re-encryption. When not, it is begun, and running the goal again finishes it.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.wait", defaultValue = "true")
  String wait = "true";

  ChangingMojo(ServerPasswords passwords) {
    super(passwords);
  }

  ChangingMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  boolean attach() throws MojoFailureException {
    return switch (wait) {
      case "true" -> true;
      case "false" -> false;
      default ->
          // Maven itself would take every other word for false.
          throw new MojoFailureException(
              "workr.wait: '"
                  + wait
                  + "' is neither true nor false. How long to wait for hosts that do not answer is"
                  + " workr.patience.");
    };
  }

  /** Leaves and prints what became of the hosts, and ends the goal with {@code otherwise}. */
  final void finish(Report report, String otherwise) throws MojoFailureException, IOException {
    Results.write(report, output.toPath());
    Recap.text(report).lines().forEach(getLog()::info);
    if (!report.successful()) {
      throw new MojoFailureException(otherwise);
    }
  }
}
