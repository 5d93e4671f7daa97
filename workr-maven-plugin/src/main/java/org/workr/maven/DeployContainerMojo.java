package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.engine.Workr;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Brings the container in which R runs to every worker: the image of {@code workr-container.lock},
 * which is made first when there is none. A few workers at a time; each tries it beside the one
 * that runs, and keeps that one when the new one does not serve. Running it again does nothing.
 *
 * @since 0.1.0
 */
@Mojo(
    name = "deploy-container",
    defaultPhase = LifecyclePhase.DEPLOY,
    configurator = ClusterConfigurator.HINT,
    threadSafe = true)
public final class DeployContainerMojo extends RollingMojo {

  /**
   * Whether the image is made anew, from what the pom declares and from what is there today, and
   * the lock updated.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.updateLock", defaultValue = "false")
  boolean updateLock;

  /**
   * How long to wait for R processes in a container that is to be replaced, such as {@code 1h}, as
   * long as none of them ends. Without it they end with the container.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.drain", defaultValue = "0s")
  String drain = "0s";

  /** Called by Maven. */
  @Inject
  public DeployContainerMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  DeployContainerMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  boolean concerns(ClusterSpec spec) {
    return byName() || spec.container().isPresent();
  }

  @Override
  Work work(ClusterSpec spec) throws MojoFailureException {
    rolling(); // Whatever is wrong with the parameters is said before the first connection.
    return new DeployRequest(updateLock, drain).work(spec, containerLock.toPath());
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    finish(
        workr.deploy(new DeployRequest(updateLock, drain).deploying(), rolling()),
        "Not every worker has its container; see above.");
  }
}
