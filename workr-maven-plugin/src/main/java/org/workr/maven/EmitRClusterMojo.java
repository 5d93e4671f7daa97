package org.workr.maven;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.diagnostic.Diagnostic;
import org.workr.file.DurableFile;
import org.workr.rcluster.ContainerLock;
import org.workr.rcluster.RCluster;
import org.workr.spec.ClusterSpec;
import org.workr.value.InvalidValueException;

/**
 * Writes the files with which analysts use the cluster from R. Contacts nobody: it takes what the
 * pom declares, and what stands in {@code workr-container.lock}.
 *
 * @since 0.1.0
 */
@Mojo(name = "emit-r-cluster", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class EmitRClusterMojo extends AbstractWorkrMojo {

  /**
   * The folder to write to, such as one in an analyst's project. Only files of workr's are
   * overwritten in it.
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
  void run(ClusterSpec spec) throws MojoFailureException {
    RCluster cluster = new RCluster(spec, lock(), containerLock.getName());
    report("The R cluster", cluster.problems());
    Path folder = rCluster.toPath();
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> file : cluster.files().entrySet()) {
        DurableFile.write(folder.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the R cluster could not be written to " + folder, e);
    }
    getLog().info("The R cluster is in " + folder + ": see README.md there.");
  }

  private ContainerLock lock() throws MojoFailureException {
    try {
      return ContainerLock.parse(Files.readString(containerLock.toPath()));
    } catch (NoSuchFileException e) {
      return ContainerLock.parse("");
    } catch (InvalidValueException e) {
      report(
          containerLock.getName(),
          List.of(Diagnostic.error(containerLock.getName(), e.summary(), e.hint())));
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(containerLock + " cannot be read", e);
    }
  }
}
