package org.workr.maven;

import java.util.List;
import java.util.Optional;
import javax.inject.Inject;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecrypter;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.workr.diagnostic.Diagnostic;
import org.workr.secret.SecretException;
import org.workr.secret.ServerPasswords;

/**
 * Passwords of the servers in Maven's settings. Only the server that is asked for is decrypted: a
 * broken password of another one is nobody's business.
 */
final class SettingsPasswords implements ServerPasswords {
  private final MavenSession session;
  private final SettingsDecrypter decrypter;

  /** Called by the container. */
  @Inject
  SettingsPasswords(MavenSession session, SettingsDecrypter decrypter) {
    this.session = session;
    this.decrypter = decrypter;
  }

  @Override
  public Optional<char[]> password(String serverId) throws SecretException {
    Server server = session.getSettings().getServer(serverId);
    if (server == null || server.getPassword() == null) {
      return Optional.empty();
    }
    SettingsDecryptionResult result =
        decrypter.decrypt(new DefaultSettingsDecryptionRequest(server));
    List<SettingsProblem> problems = result.getProblems();
    boolean failed =
        problems.stream().anyMatch(p -> p.getSeverity() != SettingsProblem.Severity.WARNING);
    String password = result.getServer().getPassword();
    if (failed || password == null) {
      // The problem's own text may quote the value, so it is not repeated.
      throw new SecretException(
          Diagnostic.error(
              "settings.xml, server '" + serverId + "'",
              "its password cannot be decrypted",
              "Encrypt it again with mvn --encrypt-password, and see that settings-security.xml is"
                  + " the one that it was encrypted with."));
    }
    return Optional.of(password.toCharArray());
  }
}
