package org.workr.engine;

import java.util.Optional;
import org.workr.secret.Secret;
import org.workr.value.SecretName;

/** Where the engine gets secrets from. */
@FunctionalInterface
public interface Secrets {

  /** The secret of that name as a fresh copy, which the receiver closes, or empty. */
  Optional<Secret> find(SecretName name);
}
