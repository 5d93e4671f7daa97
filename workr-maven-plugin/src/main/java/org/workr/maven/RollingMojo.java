package org.workr.maven;

import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.engine.Rolling;
import org.workr.engine.Share;
import org.workr.secret.ServerPasswords;
import org.workr.value.InvalidValueException;

/** A goal that changes hosts a few at a time, so that the cluster stays usable. */
abstract class RollingMojo extends ChangingMojo {

  /**
   * Whether the first host that is to be changed goes alone, and the others only when it succeeded.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.canary", defaultValue = "true")
  boolean canary = true;

  /**
   * How many hosts are under way at once: a number, or a percentage of all hosts of the cluster. A
   * host on which work goes on by itself is under way.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.maxUnavailable", defaultValue = "25%")
  String maxUnavailable = "25%";

  /**
   * After how many hosts that failed no other one is begun; those under way are finished. When more
   * hosts than that do not answer or are not fit for it, none is begun.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.maxFailures", defaultValue = "1")
  int maxFailures = 1;

  RollingMojo(ServerPasswords passwords) {
    super(passwords);
  }

  RollingMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  /** How carefully. */
  final Rolling rolling() throws MojoFailureException {
    Share share;
    try {
      share = Share.parse(maxUnavailable);
    } catch (InvalidValueException e) {
      throw wrong("workr.maxUnavailable", e);
    }
    try {
      return new Rolling(canary, share, maxFailures);
    } catch (InvalidValueException e) {
      throw wrong("workr.maxFailures", e);
    }
  }

  /** A parameter with a value that it cannot have. */
  static MojoFailureException wrong(String parameter, InvalidValueException e) {
    return new MojoFailureException(parameter + ": " + e.summary() + ". " + e.hint());
  }
}
