package org.workr.secret;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.SecretName;
import org.workr.value.SecretNeed;

/**
 * The secrets of one run: looked up before the first connection, and overwritten at its end. In
 * between only {@link SecretReplacer} changes them. Safe for use by several threads.
 */
public final class ClusterSecrets implements AutoCloseable {
  private final List<SecretNeed> needs;
  private final Map<SecretName, Secret> found = new LinkedHashMap<>();
  private final Map<SecretName, Origin> origins = new LinkedHashMap<>();
  private final Map<SecretNeed, Diagnostic> unreadable = new LinkedHashMap<>();

  private ClusterSecrets(List<SecretNeed> needs) {
    this.needs = List.copyOf(needs);
  }

  /**
   * Looks up {@code needs}, what is pending for those of them that are in the keystore, and nothing
   * else. A need with several names gets the first that is there. What cannot be read is no
   * exception here: {@link SecretCheck} says it with all else.
   */
  public static ClusterSecrets load(SecretStore store, List<SecretNeed> needs) {
    ClusterSecrets secrets = new ClusterSecrets(needs);
    for (SecretNeed need : needs) {
      try {
        secrets.refresh(store, need.name());
        // workr replaces only what is in the keystore, so there is no need to open it for the
        // others.
        if (need.installed() && secrets.origin(need.name()).map(store::kept).orElse(true)) {
          secrets.refresh(store, need.name().pending());
        }
      } catch (SecretException e) {
        secrets.unreadable.put(need, e.diagnostic());
      }
    }
    return secrets;
  }

  /** Looks a secret up again, so that it is what a new run would find. */
  void refresh(SecretStore store, SecretName name) throws SecretException {
    List<SecretName> names =
        needs.stream()
            .filter(need -> need.name().equals(name))
            .findFirst()
            .map(SecretNeed::names)
            .orElse(List.of(name));
    Optional<SecretStore.Found> one = store.locate(names);
    synchronized (this) {
      Optional.ofNullable(found.remove(name)).ifPresent(Secret::close);
      origins.remove(name);
      if (one.isPresent()) {
        try (Secret secret = one.get().secret()) {
          found.put(name, secret.as(name));
        }
        origins.put(name, one.get().origin());
      }
    }
  }

  /** What was looked for. */
  public List<SecretNeed> needs() {
    return needs;
  }

  /**
   * A copy of a secret, which the receiver closes.
   *
   * @param name the first name of its need
   */
  public synchronized Optional<Secret> find(SecretName name) {
    return Optional.ofNullable(found.get(name)).map(secret -> secret.as(name));
  }

  /** Lends a secret to {@code use} when it was found. */
  synchronized void lend(SecretName name, Consumer<Secret> use) {
    Secret secret = found.get(name);
    if (secret != null) {
      use.accept(secret);
    }
  }

  /** Where {@link #find} has it from. */
  public synchronized Optional<Origin> origin(SecretName name) {
    return Optional.ofNullable(origins.get(name));
  }

  /** For each secret that was found one line that says where. */
  public synchronized List<String> summary() {
    return origins.entrySet().stream()
        .map(entry -> "secret " + entry.getKey() + ": from " + entry.getValue())
        .toList();
  }

  /** One line for all: how many secrets were found, and in which places. */
  public synchronized String places() {
    Map<String, Long> places =
        origins.values().stream()
            .collect(Collectors.groupingBy(Origin::source, TreeMap::new, Collectors.counting()));
    return places.isEmpty()
        ? "secrets: none"
        : places.entrySet().stream()
            .map(place -> place.getValue() + " from " + place.getKey())
            .collect(Collectors.joining(", ", "secrets: ", ""));
  }

  /** Why nobody knows whether {@code need} is anywhere. */
  Optional<Diagnostic> unreadable(SecretNeed need) {
    return Optional.ofNullable(unreadable.get(need));
  }

  /** Overwrites all of them; copies that were handed out are their receivers'. */
  @Override
  public synchronized void close() {
    found.values().forEach(Secret::close);
  }

  /** Says how many, never which values. */
  @Override
  public synchronized String toString() {
    return found.size() + " secrets of " + needs.size() + " wanted";
  }
}
