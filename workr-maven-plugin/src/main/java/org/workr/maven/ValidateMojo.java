package org.workr.maven;

import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Checks the cluster that the pom declares and its secrets, and reports every problem at once. No
 * host is contacted.
 *
 * @since 0.1.0
 */
@Mojo(
    name = "validate",
    defaultPhase = LifecyclePhase.VALIDATE,
    configurator = ClusterConfigurator.HINT,
    threadSafe = true)
public final class ValidateMojo extends SecretMojo {

  /**
   * Whether secrets are looked up and checked. Switch it off where they are nobody's business, such
   * as in a pipeline that only packs the R code.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.checkSecrets", defaultValue = "true")
  private boolean checkSecrets = true;

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
  }
}
