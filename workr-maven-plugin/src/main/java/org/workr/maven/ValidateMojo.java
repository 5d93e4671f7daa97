package org.workr.maven;

import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.engine.Workr;
import org.workr.keys.KeySources;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Checks the pom and the secrets, with {@code workr.online} the hosts too. Changes nothing.
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
   * Whether secrets are looked up and checked; not, where they are nobody's business.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.checkSecrets", defaultValue = "true")
  private boolean checkSecrets = true;

  /**
   * Whether the hosts are looked at too: key, login, sudo, system, disk, network.
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
    withKeys(spec, KeySources.Asking.NONE, checkSecrets);
    getLog().info(HostCheck.headline(spec));
    if (online) {
      super.run(spec, store);
    }
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException {
    HostCheck.run(workr, getLog());
  }
}
