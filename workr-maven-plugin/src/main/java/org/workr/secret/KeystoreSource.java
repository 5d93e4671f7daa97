package org.workr.secret;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.SecretName;

/**
 * Secrets in the project's keystore, which is opened when the first one is looked for in it. Its
 * password is a secret of the sources before it.
 */
final class KeystoreSource implements SecretSource, AutoCloseable {
  private final Path file;
  private final SecretName passwordName;
  private final List<SecretSource> passwordSources;
  private @Nullable Keystore open;

  KeystoreSource(Path file, SecretName passwordName, List<SecretSource> passwordSources) {
    this.file = file;
    this.passwordName = passwordName;
    this.passwordSources = List.copyOf(passwordSources);
  }

  @Override
  public Optional<Secret> find(SecretName name) throws SecretException {
    // The password cannot be in what it opens.
    return name.equals(passwordName) || !Files.exists(file)
        ? Optional.empty()
        : keystore().find(name);
  }

  @Override
  public String describe(SecretName name) {
    return describe();
  }

  @Override
  public String describe() {
    return "keystore " + file.getFileName();
  }

  /** Where it is, whether or not it exists yet. */
  Path file() {
    return file;
  }

  /** The keystore, also when its file does not exist yet. */
  synchronized Keystore keystore() throws SecretException {
    if (open == null) {
      open = Keystore.open(file, password());
    }
    return open;
  }

  private Secret password() throws SecretException {
    for (SecretSource source : passwordSources) {
      Optional<Secret> password = source.find(passwordName);
      if (password.isPresent()) {
        return password.get();
      }
    }
    throw new SecretException(
        Diagnostic.error(
            "keystore " + file,
            "its password is not given",
            "Set the environment variable "
                + passwordName.environmentVariable()
                + ", or add to settings.xml a <server> with the id "
                + passwordName
                + " and the password."));
  }

  @Override
  public synchronized void close() {
    if (open != null) {
      open.close();
    }
  }
}
