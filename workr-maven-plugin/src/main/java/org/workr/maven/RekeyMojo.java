package org.workr.maven;

import java.io.IOException;
import java.time.Clock;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.engine.Workr;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Replaces the keys of the disks of running hosts: the passphrase, what unlocks the disk at boot,
 * and the key that the data are encrypted with. A few hosts at a time, and no further one when that
 * goes wrong. Running it again finishes whatever interrupted an earlier run. It asks nothing, so a
 * schedule can run it.
 *
 * @since 0.1.0
 */
@Mojo(name = "rekey", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class RekeyMojo extends RollingMojo {

  /**
   * What is replaced: some of {@code passphrase}, {@code binding} and {@code volumeKey}, with
   * commas between them; or {@code tang}, the keys of the hosts that are Tang servers. Those keep
   * their old ones, and the pom has to name the new ones before disks are bound to them.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.rekey", defaultValue = RekeyRequest.EVERYTHING)
  String rekey = RekeyRequest.EVERYTHING;

  /**
   * How old a key is that is replaced, such as {@code 90d}, and {@code 0s} for all. When it is not
   * given: the {@code <rekeyEvery>} of {@code <disk>}, and a day where the pom does not say.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.olderThan")
  @Nullable String olderThan;

  /**
   * Whether each host is restarted afterwards, which proves that it unlocks its disk by itself.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.rehearse", defaultValue = "false")
  boolean rehearse;

  /** Called by Maven. */
  @Inject
  public RekeyMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  RekeyMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  Work work(ClusterSpec spec) throws MojoFailureException {
    rolling(); // Whatever is wrong with the parameters is said before the first connection.
    return new RekeyRequest(rekey, olderThan, rehearse).work(spec, Clock.systemUTC().instant());
  }

  @Override
  void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException {
    finish(workr.rekey(rolling()), "Not every host has the keys that it was to have; see above.");
  }
}
