package org.workr.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.workr.connection.Credentials;
import org.workr.secret.Secret;
import org.workr.value.Hostname;
import org.workr.value.SecretName;

/**
 * What workr logs in with: the declared private key and, where no key is let in yet, the passwords
 * that the account may have.
 *
 * @param cluster name of the cluster
 * @param privateKey the file, which need not exist
 * @param secrets where passphrase and passwords are looked up
 */
public record SecretCredentials(String cluster, Path privateKey, Secrets secrets)
    implements Credentials {

  @Override
  public Optional<Path> privateKeyFile() {
    return Optional.of(privateKey).filter(Files::exists);
  }

  @Override
  public Optional<char[]> privateKeyPassphrase() {
    return copy(SecretName.ofCluster(cluster, "ssh"));
  }

  @Override
  public List<Supplier<char[]>> passwords(Hostname hostname) {
    List<Supplier<char[]>> passwords = new ArrayList<>();
    for (String what : List.of("login.current", "login")) {
      SecretName name = SecretName.ofHost(cluster, hostname, what);
      Optional<Secret> secret = secrets.find(name);
      secret.ifPresent(Secret::close);
      if (secret.isPresent()) {
        passwords.add(() -> copy(name).orElseThrow());
      }
    }
    return List.copyOf(passwords);
  }

  private Optional<char[]> copy(SecretName name) {
    return secrets
        .find(name)
        .map(
            secret -> {
              try (secret) {
                return secret.copy();
              }
            });
  }
}
