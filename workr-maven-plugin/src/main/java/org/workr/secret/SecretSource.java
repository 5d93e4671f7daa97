package org.workr.secret;

import java.util.Optional;
import org.workr.value.SecretName;

/** One place where secrets are kept. */
interface SecretSource {

  /**
   * The secret {@code name}; the caller closes it.
   *
   * @throws SecretException when the place cannot be read, so that nobody knows whether it is there
   */
  Optional<Secret> find(SecretName name) throws SecretException;

  /** How a person would call it. */
  String describe();

  /** How a person would say where {@code name} is in this place. */
  String describe(SecretName name);
}
