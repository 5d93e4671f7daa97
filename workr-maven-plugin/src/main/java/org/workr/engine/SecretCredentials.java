package org.workr.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.workr.connection.Credentials;
import org.workr.connection.KnownHosts;
import org.workr.secret.Secret;
import org.workr.value.Hostname;
import org.workr.value.SecretName;

/**
 * What workr logs in with: the declared private key and, where no key is let in yet, the passwords
 * that the account may have. A machine that may still be any clone is not told the password that is
 * about to be set: it is set when the host has a key of its own.
 *
 * @param cluster name of the cluster
 * @param privateKey the file, which need not exist
 * @param secrets where passphrase and passwords are looked up
 * @param knownHosts tells which hosts have proven keys of their own
 * @param newPasswords whether hosts are given other login passwords than they have
 */
public record SecretCredentials(
    String cluster, Path privateKey, Secrets secrets, KnownHosts knownHosts, boolean newPasswords)
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
    boolean told = !newPasswords || !knownHosts.confirmed(hostname).isEmpty();
    for (String what : told ? List.of("login.current", "login") : List.of("login.current")) {
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
