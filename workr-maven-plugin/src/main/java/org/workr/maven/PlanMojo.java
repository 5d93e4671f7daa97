package org.workr.maven;

import java.time.Clock;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Shows what {@code workr:provision}, or another goal, would change on each host, and changes
 * nothing. The plan is also written to {@code target/workr/plan.json}.
 *
 * @since 0.1.0
 */
@Mojo(name = "plan", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class PlanMojo extends PreviewMojo {

  /**
   * What {@code workr:rekey} would do is shown instead, with the same value of {@code workr.rekey}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.rekey")
  @Nullable String rekey;

  /**
   * How old a key is that {@code workr:rekey} would replace; see there.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.olderThan")
  @Nullable String olderThan;

  /**
   * Whether {@code workr:rekey} would restart each host afterwards; see there.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.rehearse", defaultValue = "false")
  boolean rehearse;

  /** Called by Maven. */
  @Inject
  public PlanMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  PlanMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  Work work(ClusterSpec spec) throws MojoFailureException {
    if (containers) {
      return deployment().work(spec, containerLock.toPath());
    }
    return rekey == null
        ? super.work(spec)
        : new RekeyRequest(rekey, olderThan, rehearse).work(spec, Clock.systemUTC().instant());
  }

  @Override
  String otherwise() {
    if (containers) {
      return "Containers are not as declared and locked: run mvn workr:deploy-container.";
    }
    return rekey == null
        ? "The hosts are not as declared: run mvn workr:provision, or change the pom."
        : "Keys are to be replaced: run mvn workr:rekey.";
  }
}
