package org.workr.maven;

import java.io.IOException;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.workr.engine.Workr;
import org.workr.output.StatusText;
import org.workr.report.Recap;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Says how the hosts stand, and changes nothing: their encryption, what unlocks their disks, how
 * old their keys are, and what is under way. Also written to {@code target/workr/status.json}.
 *
 * @since 0.1.0
 */
@Mojo(name = "status", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class StatusMojo extends ConnectedMojo {

  /** Called by Maven. */
  @Inject
  public StatusMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  StatusMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    Workr.Standing standing = workr.status();
    StatusText.lines(standing.hosts(), standing.cluster()).forEach(getLog()::info);
    Results.write(standing, output.toPath());
    if (!standing.report().successful()) {
      Recap.text(standing.report()).lines().forEach(getLog()::info);
      throw new MojoFailureException("Not every host could be looked at; see above.");
    }
  }
}
