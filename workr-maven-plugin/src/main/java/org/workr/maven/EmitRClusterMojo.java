package org.workr.maven;

import java.io.File;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.rcluster.RCluster;
import org.workr.spec.ClusterSpec;
import org.workr.value.InvalidValueException;
import org.workr.vault.ContainerLockFile;

/**
 * Writes the files with which analysts use the cluster from R. Contacts nobody: it takes what the
 * pom declares, and what stands in {@code workr-container.lock}. In the phase package they also
 * become the project's artifact, as a zip.
 *
 * @since 0.1.0
 */
@Mojo(
    name = "emit-r-cluster",
    defaultPhase = LifecyclePhase.PACKAGE,
    configurator = ClusterConfigurator.HINT,
    threadSafe = true)
public final class EmitRClusterMojo extends ArtifactMojo {

  /**
   * The folder to write to, such as one of its own in an analyst's project. Other files than
   * workr's are not overwritten in it.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.rCluster", defaultValue = "${project.build.directory}/r-cluster")
  File rCluster = new File("target/r-cluster");

  /**
   * What is known of the workers' containers. Keep it in version control.
   *
   * @since 0.1.0
   */
  @Parameter(
      property = "workr.containerLock",
      defaultValue = "${project.basedir}/workr-container.lock")
  File containerLock = new File("workr-container.lock");

  @Override
  boolean concerns(ClusterSpec spec) {
    return byName() || spec.container().isPresent();
  }

  @Override
  void run(ClusterSpec spec) throws MojoFailureException {
    RClusterFolder folder = new RClusterFolder(rCluster.toPath());
    try {
      ContainerLockFile lock = new ContainerLockFile(containerLock.toPath());
      RCluster cluster = new RCluster(spec, lock.read(), containerLock.getName());
      if (artifact().isPresent() && !cluster.problems().isEmpty()) {
        getLog().info("No R cluster is packaged: " + cluster.problems().get(0));
        leave();
        return;
      }
      report("The R cluster", cluster.problems());
      folder.write(cluster);
      artifact().ifPresent(zip -> zip.attach(cluster.files()));
    } catch (InvalidValueException e) {
      throw new MojoFailureException(e.summary() + ". " + e.hint());
    }
    getLog().info("The R cluster is in " + rCluster + ": see README.md there.");
  }
}
