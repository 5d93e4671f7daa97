package org.workr.maven;

import java.io.File;
import java.util.Map;
import javax.inject.Inject;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.secret.SecretException;
import org.workr.secret.SecretExport;
import org.workr.secret.SecretImport;
import org.workr.secret.SecretMaker;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

/**
 * Makes up the passphrases and passwords that are missing, into the project's keystore, and says of
 * each secret where it comes from; or hands one to a person; or copies some into the keystore.
 *
 * @since 0.1.0
 */
@Mojo(name = "secrets", configurator = ClusterConfigurator.HINT, threadSafe = true)
public final class SecretsMojo extends SecretMojo {

  /**
   * The secret to write to {@code workr.export}, such as {@code stats.workr1.luks}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.show")
  @Nullable String show;

  /**
   * Secrets to copy from the environment or settings.xml into the keystore, commas between them.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.import")
  @Nullable String copy;

  /**
   * Where {@code workr.show} writes: the terminal, past every log, or a new file that only its
   * owner can read.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.export", defaultValue = "/dev/tty")
  File export = new File("/dev/tty");

  @Parameter(defaultValue = "${project.build.directory}", readonly = true, required = true)
  private File target = new File("target");

  /** Called by Maven. */
  @Inject
  public SecretsMojo(SettingsPasswords passwords) {
    super(passwords);
  }

  SecretsMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  @Override
  void run(ClusterSpec spec, SecretStore store) throws SecretException {
    if (copy != null) {
      SecretImport.copy(store, copy).forEach(getLog()::info);
    } else if (show != null) {
      SecretExport.write(store, show, export.toPath(), target.toPath());
      getLog().info("'" + show + "' was written to " + export + ".");
    } else {
      new SecretMaker(store).make(spec.secretNeeds()).lines().forEach(getLog()::info);
    }
  }
}
