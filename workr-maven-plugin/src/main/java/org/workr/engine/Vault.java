package org.workr.engine;

import org.workr.value.SecretName;

/**
 * Where the engine finds secrets, and where those are kept that it replaces. Every change is on the
 * disk when its method returns.
 */
public interface Vault extends Secrets {

  /**
   * Makes up what is to replace {@code name}, as pending; one that is pending already stays.
   *
   * @throws IllegalStateException in words for a person, when it cannot be stored; then nothing was
   */
  void makePending(SecretName name);

  /**
   * Makes the pending secret the one in use, and keeps the one before as {@link
   * SecretName#current}, in one write. Without a pending one nothing happens.
   *
   * @throws IllegalStateException in words for a person, when it cannot be stored
   */
  void promote(SecretName name);

  /**
   * Takes {@code name} out of the project's keystore, if it is there.
   *
   * @throws IllegalStateException in words for a person, when it cannot be stored
   */
  void forget(SecretName name);
}
