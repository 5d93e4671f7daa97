package org.workr.maven;

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.SecretCheck;
import org.workr.secret.SecretException;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;
import org.workr.value.SecretNeed;

/** A goal that knows where the cluster's secrets are. */
abstract class SecretMojo extends AbstractWorkrMojo {
  private final ServerPasswords passwords;
  private final Map<String, String> environment;

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

  SecretMojo(ServerPasswords passwords) {
    this(passwords, System.getenv());
  }

  SecretMojo(ServerPasswords passwords, Map<String, String> environment) {
    this.passwords = passwords;
    this.environment = Map.copyOf(environment);
  }

  /** Does what the goal is for. */
  abstract void run(ClusterSpec spec, SecretStore store)
      throws MojoFailureException, SecretException;

  @Override
  final void run(ClusterSpec spec) throws MojoFailureException {
    try (SecretStore store =
        SecretStore.of(spec.name().value(), environment, passwords, keystore.toPath())) {
      run(spec, store);
    } catch (SecretException e) {
      throw new MojoFailureException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Looks up what {@code needs} asks for and checks it.
   *
   * @return all of them, which the caller closes
   * @throws MojoFailureException when one is missing or not fit for use
   */
  final ClusterSecrets checked(ClusterSpec spec, SecretStore store, List<SecretNeed> needs)
      throws MojoFailureException {
    List<String> familiar =
        new ArrayList<>(List.of(spec.name().value(), spec.ssh().user().value()));
    spec.hosts().forEach(host -> familiar.add(host.hostname().value()));
    ClusterSecrets secrets = ClusterSecrets.load(store, needs);
    try {
      report("The cluster's set of secrets", SecretCheck.check(secrets, store, familiar));
    } catch (MojoFailureException e) {
      secrets.close();
      throw e;
    }
    return secrets;
  }
}
