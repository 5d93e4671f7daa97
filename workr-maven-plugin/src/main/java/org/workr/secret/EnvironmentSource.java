package org.workr.secret;

import java.util.Map;
import java.util.Optional;
import org.workr.value.SecretName;

/**
 * Secrets in environment variables. An empty variable counts as none: that is what CI systems make
 * of a secret that is not defined.
 *
 * @param variables all of them, by name
 */
record EnvironmentSource(Map<String, String> variables) implements SecretSource {

  @Override
  public Optional<Secret> find(SecretName name) {
    String value = variables.get(name.environmentVariable());
    return value == null || value.isEmpty()
        ? Optional.empty()
        : Optional.of(Secret.take(name, value.toCharArray()));
  }

  @Override
  public String describe() {
    return "the environment";
  }

  @Override
  public String describe(SecretName name) {
    return "environment variable " + name.environmentVariable();
  }

  /** Never the variables. */
  @Override
  public String toString() {
    return "environment";
  }
}
