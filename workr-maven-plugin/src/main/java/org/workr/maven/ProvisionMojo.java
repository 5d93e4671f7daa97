package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.workr.engine.Workr;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Makes every host as the pom declares it. Running it again does nothing, and finishes whatever
 * interrupted an earlier run.
 *
 * @since 0.1.0
 */
@Mojo(
    name = "provision",
    defaultPhase = LifecyclePhase.DEPLOY,
    configurator = ClusterConfigurator.HINT,
    threadSafe = true)
public final class ProvisionMojo extends ChangingMojo {

  /** Called by Maven. */
  @Inject
  public ProvisionMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  ProvisionMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    finish(workr.provision(), "Not every host is as declared; see above.");
  }
}
