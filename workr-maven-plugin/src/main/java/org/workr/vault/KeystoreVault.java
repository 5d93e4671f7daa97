package org.workr.vault;

import java.util.Optional;
import org.workr.engine.Vault;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.Secret;
import org.workr.secret.SecretException;
import org.workr.secret.SecretReplacer;
import org.workr.value.SecretName;

/**
 * The secrets of one run, replaced in the project's keystore. Safe for use by several threads.
 *
 * @param secrets of the run
 * @param replacer of the same secrets
 */
public record KeystoreVault(ClusterSecrets secrets, SecretReplacer replacer) implements Vault {

  @Override
  public Optional<Secret> find(SecretName name) {
    return secrets.find(name);
  }

  @Override
  public void makePending(SecretName name) {
    change(() -> replacer.makePending(name));
  }

  @Override
  public void promote(SecretName name) {
    change(() -> replacer.promote(name));
  }

  @Override
  public void forget(SecretName name) {
    change(() -> replacer.forget(name));
  }

  private interface Change {
    void make() throws SecretException;
  }

  private static void change(Change change) {
    try {
      change.make();
    } catch (SecretException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }
}
