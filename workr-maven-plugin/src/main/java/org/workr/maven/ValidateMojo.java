package org.workr.maven;

import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.workr.spec.ClusterSpec;

/**
 * Checks the cluster that the pom declares and reports every problem at once. No host is contacted.
 *
 * @since 0.1.0
 */
@Mojo(
    name = "validate",
    defaultPhase = LifecyclePhase.VALIDATE,
    configurator = ClusterConfigurator.HINT,
    threadSafe = true)
public final class ValidateMojo extends AbstractWorkrMojo {

  /** Called by Maven. */
  public ValidateMojo() {}

  @Override
  void run(ClusterSpec spec) {
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
