package org.workr.maven;

import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.workr.engine.Workr;
import org.workr.report.Recap;
import org.workr.report.Report;
import org.workr.spec.ClusterSpec;

/** What workr:validate says of a cluster and, when it may look, of its hosts. */
final class HostCheck {
  private HostCheck() {}

  /** What can be said of a cluster whose pom is right. */
  static String headline(ClusterSpec spec) {
    int hosts = spec.hosts().size();
    return "Cluster '%s' is valid: %d %s."
        .formatted(spec.name().value(), hosts, hosts == 1 ? "host" : "hosts");
  }

  /** Prints what speaks against each host, and fails when something forbids to touch one. */
  static void run(Workr workr, Log log) throws MojoFailureException {
    Report report = workr.survey("validate").report();
    Recap.text(report).lines().forEach(log::info);
    if (!report.successful()) {
      throw new MojoFailureException("Not every host is fit for what the pom declares; see above.");
    }
  }
}
