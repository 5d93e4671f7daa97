package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.capability.container.Reap;
import org.workr.engine.Workr;
import org.workr.planning.Planner;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;
import org.workr.value.InvalidValueException;

/**
 * Ends R processes in the workers' containers that an analyst's session has left behind. They end
 * by themselves within a minute; this is for those that do not. {@code workr:status} shows them.
 *
 * @since 0.1.0
 */
@Mojo(name = "reap", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class ReapMojo extends ChangingMojo {

  /**
   * The label of a session, of which all R processes are ended, whoever watches over them, such as
   * {@code stats-0a1b2c3d}. Without it: those of all sessions that nobody watches over any more.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.session")
  @Nullable String session;

  /** Called by Maven. */
  @Inject
  public ReapMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  ReapMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  Work work(ClusterSpec spec) throws MojoFailureException {
    try {
      return new Work(Planner.reaping(new Reap(Optional.ofNullable(session))), false);
    } catch (InvalidValueException e) {
      throw RollingMojo.wrong("workr.session", e);
    }
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    finish(workr.reap(), "R processes may be left; see above.");
  }
}
