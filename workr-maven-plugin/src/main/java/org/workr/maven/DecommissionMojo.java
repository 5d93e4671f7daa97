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
   * That it is meant: {@code erase}, a blank, and the name of the host once more. For a host that
   * is dead or stolen and will never answer: {@code destroy what opens}, a blank, and its name.
   * Then only what the controller has is destroyed; when it answers, nothing is.
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
    limit = new DecommissionRequest(decommission, confirm).host(spec);
    return super.options(spec);
  }

  @Override
  Work work(ClusterSpec spec) {
    return new Work(Planner.decommissioning(), false);
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    boolean abandons = new DecommissionRequest(decommission, confirm).abandons();
    finish(abandons ? workr.abandon() : workr.decommission(), DecommissionRequest.OTHERWISE);
    String now = abandons ? " is given up." : " is switched off within a minute.";
    getLog().info(limit + now + " Take it out of the pom and known_hosts.");
  }
}
