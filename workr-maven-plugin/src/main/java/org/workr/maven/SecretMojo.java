package org.workr.maven;

import java.io.File;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.secret.SecretStore;
import org.workr.spec.ClusterSpec;

/** A goal that knows where the cluster's secrets are. */
abstract class SecretMojo extends AbstractWorkrMojo {
  private final SettingsPasswords passwords;

  @Parameter(defaultValue = "${project.basedir}", readonly = true, required = true)
  File basedir = new File(".");

  /**
   * The keystore for secrets that stand neither in the environment nor in settings.xml: a PKCS #12
   * file, which need not exist.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.keystore", defaultValue = "${project.basedir}/workr.p12")
  File keystore = new File("workr.p12");

  SecretMojo(SettingsPasswords passwords) {
    this.passwords = passwords;
  }

  /** Does what the goal is for. */
  abstract void run(ClusterSpec spec, SecretStore store) throws MojoFailureException;

  @Override
  final void run(ClusterSpec spec) throws MojoFailureException {
    try (SecretStore store =
        SecretStore.of(spec.name().value(), System.getenv(), passwords, keystore.toPath())) {
      run(spec, store);
    }
  }
}
