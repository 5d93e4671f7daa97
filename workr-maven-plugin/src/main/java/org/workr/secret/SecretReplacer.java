package org.workr.secret;

import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.SecretName;

/**
 * Replaces secrets in the project's keystore, and keeps the secrets of a run in step: after each
 * method they are what a new run would find. Every change is on the disk when its method returns.
 * Safe for use by several threads, and beside other processes.
 *
 * <p>A secret that is given in the environment or in settings.xml goes before the keystore, so one
 * that replaces it would never be found; such a secret is not replaced.
 */
public final class SecretReplacer {
  private final SecretStore store;
  private final ClusterSecrets secrets;
  private final SecretWords words = new SecretWords();

  /**
   * Replaces secrets of one run.
   *
   * @param store with the keystore; closed by the caller
   * @param secrets of the run, looked up in {@code store}; closed by the caller
   */
  public SecretReplacer(SecretStore store, ClusterSecrets secrets) {
    this.store = store;
    this.secrets = secrets;
  }

  /**
   * Why some of {@code names} cannot be replaced, each with what to do; empty when all can. To be
   * shown before the first host is contacted. What an interrupted run left in the keystore is no
   * problem here: see {@link #makePending}.
   *
   * @param names of secrets that are to be replaced, such as {@code stats.workr1.luks}
   */
  public List<Diagnostic> problems(Collection<SecretName> names) {
    return names.stream().map(this::problem).flatMap(Optional::stream).distinct().toList();
  }

  /**
   * Makes up what is to replace {@code name}, as pending; one that is pending already stays. It is
   * found at once under {@link SecretName#pending}.
   *
   * @throws SecretException when {@code name} cannot be replaced, when another secret is still kept
   *     as {@link SecretName#current} ({@link #forget} it when a host has proven that it opens
   *     nothing), or when the keystore cannot be written; nothing was stored then
   */
  public synchronized void makePending(SecretName name) throws SecretException {
    Optional<Diagnostic> problem = problem(name);
    if (problem.isPresent()) {
      throw new SecretException(problem.get());
    }
    try (Secret made = words.make(name)) {
      store.keystoreToWrite().putPending(made);
    }
    secrets.refresh(store, name.pending());
  }

  /**
   * Makes the pending secret the one in use, and keeps the one before as {@link
   * SecretName#current}, in one write. To be called when the pending one is proven on the host:
   * from then on it is the one that opens, and the one before may be taken off. Without a pending
   * one nothing happens.
   *
   * @throws SecretException when {@code name} is given outside of the keystore by now, when an
   *     older one is still kept, or when the keystore cannot be written; the secret is pending as
   *     before then, and found as such
   */
  public synchronized void promote(SecretName name) throws SecretException {
    if (!kept()) {
      return;
    }
    Optional<Diagnostic> hidden = hidden(name);
    if (hidden.isPresent()) {
      throw new SecretException(hidden.get());
    }
    store.keystore().promote(name);
    for (SecretName changed : List.of(name, name.current(), name.pending())) {
      secrets.refresh(store, changed);
    }
  }

  /**
   * Takes {@code name} out of the keystore, if it is there. Where it is given in the environment or
   * in settings.xml it stays, and is still found.
   *
   * @throws SecretException when the keystore cannot be read or written
   */
  public synchronized void forget(SecretName name) throws SecretException {
    if (kept()) {
      store.keystore().remove(List.of(name));
    }
    secrets.refresh(store, name);
  }

  private boolean kept() {
    return Files.exists(store.keystoreFile());
  }

  private Optional<Diagnostic> problem(SecretName name) {
    try {
      Optional<Diagnostic> hidden = hidden(name);
      if (hidden.isPresent()) {
        return hidden;
      }
      Optional<Origin> current = given(name.current());
      if (current.isPresent()) {
        return Optional.of(
            Diagnostic.error(
                "secret " + name.current(),
                "it is given as "
                    + current.get()
                    + ", which would hide what workr keeps under that name while it replaces '"
                    + name
                    + "'",
                "Remove it there; a host that has been provisioned does not need it any more."));
      }
      return store.origin(name).isPresent()
          ? Optional.empty()
          : Optional.of(
              Diagnostic.error(
                  "secret " + name,
                  "it is nowhere, so there is nothing to replace",
                  "Provision the host first; mvn workr:secrets makes it up."));
    } catch (SecretException e) {
      return Optional.of(e.diagnostic());
    }
  }

  private Optional<Diagnostic> hidden(SecretName name) throws SecretException {
    return given(name)
        .map(
            origin ->
                Diagnostic.error(
                    "secret " + name,
                    "it is given as " + origin + ", where workr cannot store what replaces it",
                    "Copy it into the keystore with mvn workr:secrets -Dworkr.import="
                        + name
                        + ", then remove it there."));
  }

  private Optional<Origin> given(SecretName name) throws SecretException {
    Optional<SecretStore.Found> found = store.given(name);
    found.ifPresent(one -> one.secret().close());
    return found.map(SecretStore.Found::origin);
  }
}
