package org.workr.engine;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.secret.Secret;
import org.workr.secret.SecretException;
import org.workr.secret.SecretStore;
import org.workr.value.SecretName;
import org.workr.value.SecretNeed;

/**
 * The secrets that a cluster needs, and no others: a host's own or, where sharing is harmless, the
 * cluster's.
 */
public final class NeededSecrets implements Secrets {
  private final SecretStore store;
  private final Map<SecretName, List<SecretName>> places = new HashMap<>();

  /**
   * @param store stays the caller's
   * @param needs of the cluster, all of which have been looked up once without trouble
   */
  public NeededSecrets(SecretStore store, List<SecretNeed> needs) {
    this.store = store;
    needs.forEach(need -> places.put(need.name(), need.names()));
  }

  @Override
  public Optional<Secret> find(SecretName name) {
    try {
      for (SecretName place : places.getOrDefault(name, List.of())) {
        Optional<Secret> secret = store.find(place);
        if (secret.isPresent()) {
          return secret;
        }
      }
      return Optional.empty();
    } catch (SecretException e) {
      throw new IllegalStateException("a secret that could be read before cannot be read now", e);
    }
  }
}
