package org.workr.maven;

import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.diagnostic.Diagnostic;
import org.workr.engine.Workr;
import org.workr.report.HostOutcome;
import org.workr.report.Recap;
import org.workr.report.Report;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Checks the cluster that the pom declares and its secrets, and reports every problem at once. With
 * {@code workr.online} it also looks at every host; nothing is changed either way.
 *
 * @since 0.1.0
 */
@Mojo(
    name = "validate",
    defaultPhase = LifecyclePhase.VALIDATE,
    configurator = ClusterConfigurator.HINT,
    threadSafe = true)
public final class ValidateMojo extends ConnectedMojo {

  /**
   * Whether secrets are looked up and checked. Switch it off where they are nobody's business, such
   * as in a pipeline that only packs the R code.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.checkSecrets", defaultValue = "true")
  private boolean checkSecrets = true;

  /**
   * Whether the hosts are looked at too: that each answers with an expected host key, lets workr in
   * and up to root, and is a machine that workr can provision.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.online", defaultValue = "false")
  private boolean online;

  /** Called by Maven. */
  @Inject
  public ValidateMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  ValidateMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  void run(ClusterSpec spec, SecretStore store) throws MojoFailureException {
    if (checkSecrets) {
      try (ClusterSecrets secrets = checked(spec, store, spec.secretNeeds())) {
        secrets.summary().forEach(getLog()::info);
      }
    }
    int hosts = spec.hosts().size();
    getLog()
        .info(
            "Cluster '"
                + spec.name().value()
                + "' is valid: "
                + hosts
                + (hosts == 1 ? " host." : " hosts."));
    if (online) {
      super.run(spec, store);
    }
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException {
    Report report = workr.survey("validate").report();
    for (HostOutcome host : report.hosts()) {
      for (Diagnostic problem : host.problems()) {
        getLog().warn(problem.toString());
      }
    }
    Recap.text(report).lines().forEach(getLog()::info);
    if (!report.successful()) {
      throw new MojoFailureException("Not every host is fit for what the pom declares; see above.");
    }
  }
}
