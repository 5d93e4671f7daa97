package org.workr.secret;

import java.util.Optional;
import org.workr.value.SecretName;

/**
 * Secrets as passwords of servers in Maven's settings.
 *
 * @param passwords of the servers
 */
record SettingsSource(ServerPasswords passwords) implements SecretSource {

  @Override
  public Optional<Secret> find(SecretName name) throws SecretException {
    return passwords.password(name.value()).map(value -> Secret.take(name, value));
  }

  @Override
  public String describe() {
    return "settings.xml";
  }

  @Override
  public String describe(SecretName name) {
    return "settings.xml, server " + name;
  }
}
