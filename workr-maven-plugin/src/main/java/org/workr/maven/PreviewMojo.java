package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.engine.Workr;
import org.workr.plan.HostPlan;
import org.workr.plan.PlanText;
import org.workr.report.Recap;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/** A goal that shows what another one would change, and changes nothing. */
abstract class PreviewMojo extends ConnectedMojo {

  /**
   * Whether the build fails when anything would change: for a scheduled pipeline that watches for
   * drift.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.failOnChange", defaultValue = "false")
  boolean failOnChange;

  /**
   * Whether every step of every change is shown.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.steps", defaultValue = "false")
  private boolean steps;

  /**
   * Whether what {@code workr:deploy-container} would do is shown instead.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.containers", defaultValue = "false")
  boolean containers;

  /**
   * Whether {@code workr:deploy-container} would make the image anew; see there.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.updateLock", defaultValue = "false")
  private boolean updateLock;

  /**
   * How long {@code workr:deploy-container} would wait for R processes; see there.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.drain", defaultValue = "0s")
  private String drain = "0s";

  PreviewMojo(ServerPasswords passwords) {
    super(passwords);
  }

  PreviewMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  /** What is deployed, if that is shown. */
  final DeployRequest deployment() {
    return new DeployRequest(updateLock, drain);
  }

  /** What to say when something would change and that is a failure. */
  abstract String otherwise();

  @Override
  final void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    Workr.Survey survey =
        containers ? workr.survey(deployment().deploying()) : workr.survey("plan");
    PlanText text = steps ? PlanText.withSteps() : PlanText.brief();
    for (HostPlan host : survey.plan().hosts()) {
      text.lines(host).forEach(getLog()::info);
    }
    Results.write(survey.plan(), output.toPath());
    if (!survey.report().successful()) {
      Recap.text(survey.report()).lines().forEach(getLog()::info);
      throw new MojoFailureException("Not every host could be planned for; see above.");
    }
    if (failOnChange && !survey.plan().isEmpty()) {
      throw new MojoFailureException(otherwise());
    }
  }
}
