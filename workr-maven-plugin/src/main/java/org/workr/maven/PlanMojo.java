package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.engine.Workr;
import org.workr.plan.HostPlan;
import org.workr.plan.PlanText;
import org.workr.report.Recap;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Shows what {@code workr:provision} would change on each host, and changes nothing. The plan is
 * also written to {@code target/workr/plan.json}.
 *
 * @since 0.1.0
 */
@Mojo(name = "plan", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class PlanMojo extends ConnectedMojo {

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

  /** Called by Maven. */
  @Inject
  public PlanMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  PlanMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    Workr.Survey survey = workr.survey("plan");
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
      throw new MojoFailureException(
          "The hosts are not as declared: run mvn workr:provision, or change the pom.");
    }
  }
}
