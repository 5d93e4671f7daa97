package org.workr.maven;

import java.nio.file.Path;
import org.apache.maven.plugin.MojoFailureException;
import org.workr.binding.DurationText;
import org.workr.capability.container.Deployment;
import org.workr.engine.Deploying;
import org.workr.planning.Planner;
import org.workr.spec.ClusterSpec;
import org.workr.value.InvalidValueException;
import org.workr.vault.ContainerLockFile;

/**
 * The parameters of {@code workr:deploy-container}, as they are given.
 *
 * @param update whether the image is made anew
 * @param drain a length of time
 */
record DeployRequest(boolean update, String drain) {

  /** What is asked for. */
  Deploying deploying() throws MojoFailureException {
    try {
      return new Deploying(update, DurationText.parse(drain));
    } catch (InvalidValueException e) {
      throw RollingMojo.wrong("workr.drain", e);
    }
  }

  /**
   * What is to be done.
   *
   * @param lock the file
   */
  Work work(ClusterSpec spec, Path lock) throws MojoFailureException {
    deploying();
    if (spec.container().isEmpty()) {
      throw new MojoFailureException(
          "workr:deploy-container: the pom declares no <container> in <cluster>. Declare it, with the"
              + " <image> in which R is.");
    }
    try {
      new ContainerLockFile(lock).read();
    } catch (InvalidValueException e) {
      throw new MojoFailureException(e.summary() + ". " + e.hint());
    } catch (IllegalStateException e) {
      throw new MojoFailureException(String.valueOf(e.getMessage()));
    }
    return new Work(Planner.deploying(Deployment.looking()), false);
  }
}
