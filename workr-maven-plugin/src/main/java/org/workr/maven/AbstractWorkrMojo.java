package org.workr.maven;

import java.util.List;
import org.apache.maven.plugin.AbstractMojo;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.Element;
import org.workr.diagnostic.Diagnostic;
import org.workr.spec.ClusterSpec;

/**
 * What all goals share: the pom is read and checked as a whole, and a goal runs only when there is
 * nothing wrong with it.
 */
abstract class AbstractWorkrMojo extends AbstractMojo {
  private static final String PACKAGING = "workr-cluster";

  /** What Maven calls the execution of a goal that was named on the command line. */
  private static final String COMMAND_LINE = "default-cli";

  private static final Diagnostic MISSING =
      Diagnostic.error(
          "cluster",
          "is missing",
          "A module with the packaging '"
              + PACKAGING
              + "' declares one in the <configuration> of workr-maven-plugin.");

  /**
   * The cluster; see the reference page for everything that can stand in it. A module without it is
   * skipped.
   *
   * @since 0.1.0
   */
  @Parameter @Nullable Element cluster;

  /**
   * Does nothing, for this module or for the whole build.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.skip", defaultValue = "false")
  boolean skip;

  @Parameter(defaultValue = "${mojoExecution}", readonly = true)
  @Nullable MojoExecution execution;

  @Parameter(defaultValue = "${project.packaging}", readonly = true, required = true)
  String packaging = "";

  /**
   * Does what the goal is for.
   *
   * @param spec a cluster without errors
   * @throws MojoFailureException when it did not succeed, in words for the person at the terminal
   */
  abstract void run(ClusterSpec spec) throws MojoFailureException;

  /** Whether somebody has asked for just this goal, and not the packaging for all of its own. */
  final boolean byName() {
    return execution == null || COMMAND_LINE.equals(execution.getExecutionId());
  }

  /** Whether the goal has anything to do for {@code spec}. */
  boolean concerns(ClusterSpec spec) {
    return true;
  }

  /** Does what is to be done when nothing is done. */
  void leave() {}

  /** Makes ready for what the goal is for, whether or not the pom turns out to be right. */
  void begin() {}

  @Override
  public final void execute() throws MojoFailureException {
    if (skip) {
      getLog().info("Skipped, because workr.skip is set.");
      leave();
    } else if (cluster == null && packaging.equals(PACKAGING)) {
      begin();
      // Otherwise <clutser> would pass: Maven 3.8 is silent about an unknown parameter.
      report("<cluster>", List.of(MISSING));
    } else if (cluster == null) {
      getLog().info("Nothing to do: this module declares no <cluster>.");
    } else {
      begin();
      Bound<ClusterSpec> bound = Binder.bind(cluster, ClusterSpec.class);
      report("<cluster>", bound.diagnostics());
      ClusterSpec spec = bound.value().orElseThrow();
      if (concerns(spec)) {
        run(spec);
      } else {
        getLog().info("Nothing to do: the cluster declares nothing of the kind.");
        leave();
      }
    }
  }

  /** Prints every problem, and ends the goal when one of them is an error. */
  final void report(String where, List<Diagnostic> diagnostics) throws MojoFailureException {
    for (Diagnostic diagnostic : diagnostics) {
      if (diagnostic.isError()) {
        getLog().error(diagnostic.toString());
      } else {
        getLog().warn(diagnostic.toString());
      }
    }
    long errors = diagnostics.stream().filter(Diagnostic::isError).count();
    if (errors > 0) {
      throw new MojoFailureException(
          where + " has " + errors + (errors == 1 ? " error" : " errors") + ", listed above.");
    }
  }
}
