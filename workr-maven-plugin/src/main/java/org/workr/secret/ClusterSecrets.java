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
 * The secrets of one run: looked up once, before the first connection, and overwritten at its end.
 * Safe for use by several threads.
 */
public final class ClusterSecrets implements AutoCloseable {
  private final List<SecretNeed> needs;
  private final Map<SecretName, Secret> found;
  private final Map<SecretName, Origin> origins;
  private final Map<SecretNeed, Diagnostic> unreadable;

  private ClusterSecrets(
      List<SecretNeed> needs,
      Map<SecretName, Secret> found,
      Map<SecretName, Origin> origins,
      Map<SecretNeed, Diagnostic> unreadable) {
    this.needs = List.copyOf(needs);
    this.found = found;
    this.origins = origins;
    this.unreadable = unreadable;
  }

  /**
   * Looks up {@code needs}, and nothing else. A need with several names gets the first that is
   * there. What cannot be read is no exception here: {@link SecretCheck} says it with all else.
   */
  public static ClusterSecrets load(SecretStore store, List<SecretNeed> needs) {
    Map<SecretName, Secret> found = new LinkedHashMap<>();
    Map<SecretName, Origin> origins = new LinkedHashMap<>();
    Map<SecretNeed, Diagnostic> unreadable = new LinkedHashMap<>();
    for (SecretNeed need : needs) {
      try {
        Optional<SecretStore.Found> one = store.locate(need.names());
        if (one.isPresent()) {
          try (Secret secret = one.get().secret()) {
            found.put(need.name(), secret.as(need.name()));
          }
          origins.put(need.name(), one.get().origin());
        }
      } catch (SecretException e) {
        unreadable.put(need, e.diagnostic());
      }
    }
    return new ClusterSecrets(needs, found, origins, unreadable);
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
  public Optional<Secret> find(SecretName name) {
    return Optional.ofNullable(found.get(name)).map(secret -> secret.as(name));
  }

  /** Lends a secret to {@code use} when it was found. */
  void lend(SecretName name, Consumer<Secret> use) {
    Secret secret = found.get(name);
    if (secret != null) {
      use.accept(secret);
    }
  }

  /** Where {@link #find} has it from. */
  public Optional<Origin> origin(SecretName name) {
    return Optional.ofNullable(origins.get(name));
  }

  /** For each secret that was found one line that says where. */
  public List<String> summary() {
    return origins.entrySet().stream()
        .map(entry -> "secret " + entry.getKey() + ": from " + entry.getValue())
        .toList();
  }

  /** One line for all: how many secrets were found, and in which places. */
  public String places() {
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
  public void close() {
    found.values().forEach(Secret::close);
  }

  /** Says how many, never which values. */
  @Override
  public String toString() {
    return found.size() + " secrets of " + needs.size() + " wanted";
  }
}
