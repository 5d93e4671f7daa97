package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.engine.RunOptions;
import org.workr.engine.Workr;
import org.workr.planning.Planner;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Takes one host out of service for ever: erases every keyslot of its disks, destroys the copies of
 * their headers and the secrets of the host in the keystore, proves that nothing opens the disks
 * any more, and switches the machine off. Its data cannot be read again, by anybody.
 *
 * @since 0.1.0
 */
@Mojo(name = "decommission", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class DecommissionMojo extends ChangingMojo {

  /**
   * The one host, by its name.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.decommission")
  @Nullable String decommission;

  /**
   * That it is meant: the words {@code erase}, blank, and the name of the host once more.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.confirm")
  @Nullable String confirm;

  /** Called by Maven. */
  @Inject
  public DecommissionMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  DecommissionMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  RunOptions options(ClusterSpec spec) throws MojoFailureException {
    String host = decommission == null ? "" : decommission.strip();
    if (spec.hosts().stream().noneMatch(one -> one.hostname().value().equals(host))) {
      throw new MojoFailureException(
          "workr.decommission: '"
              + host
              + "' is no host of this cluster. Name exactly one, such as -Dworkr.decommission=workr3.");
    }
    if (!("erase " + host).equals(confirm)) {
      throw new MojoFailureException(
          "workr.confirm: '"
              + (confirm == null ? "" : confirm)
              + "' does not confirm it. Everything on the disks of "
              + host
              + " is lost for ever; if that is meant, add -Dworkr.confirm=\"erase "
              + host
              + "\".");
    }
    if (spec.disk().isEmpty()) {
      throw new MojoFailureException(
          "workr:decommission: the pom declares no <disk> in <cluster>, so workr manages no keys that"
              + " it could erase. Overwrite the disk in another way.");
    }
    limit = host;
    return super.options(spec);
  }

  @Override
  Planner planner(ClusterSpec spec) {
    return Planner.decommissioning();
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    finish(workr.decommission(), "The host is not decommissioned; see above.");
    getLog()
        .info(limit + " is switched off within a minute. Take it out of the pom and known_hosts.");
  }
}
