package org.workr.secret;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.InvalidValueException;
import org.workr.value.SecretName;

/**
 * Where a cluster's secrets are kept, in the order in which they are looked for: the environment,
 * Maven's settings, the project's keystore. The first match wins. Nothing is read that is not asked
 * for. Safe for use by several threads.
 */
public final class SecretStore implements AutoCloseable {
  /** Name of the keystore in the project's directory unless the person chose another. */
  public static final String KEYSTORE_FILE = "workr.p12";

  /** Those that workr only reads. */
  private final List<SecretSource> given;

  private final KeystoreSource keystore;

  private SecretStore(List<SecretSource> given, KeystoreSource keystore) {
    this.given = given;
    this.keystore = keystore;
  }

  /**
   * The store of one cluster.
   *
   * @param cluster its name
   * @param environment all environment variables
   * @param passwords of the servers in Maven's settings
   * @param keystoreFile the project's keystore, which need not exist
   */
  public static SecretStore of(
      String cluster,
      Map<String, String> environment,
      ServerPasswords passwords,
      Path keystoreFile) {
    List<SecretSource> given =
        List.of(new EnvironmentSource(environment), new SettingsSource(passwords));
    KeystoreSource keystore =
        new KeystoreSource(keystoreFile, SecretName.ofCluster(cluster, "keystore"), given);
    return new SecretStore(given, keystore);
  }

  /**
   * A secret and where it was found.
   *
   * @param secret closed by the receiver
   * @param origin where
   */
  record Found(Secret secret, Origin origin) {}

  /**
   * The secret {@code name}, which the caller closes.
   *
   * @throws SecretException when a place before the first match cannot be read, so that nobody
   *     knows which secret is meant
   */
  public Optional<Secret> find(SecretName name) throws SecretException {
    return locate(List.of(name)).map(Found::secret);
  }

  /**
   * The secret whose name a person wrote, which the caller closes.
   *
   * @throws SecretException when it is no name, or nothing is there
   */
  public Secret get(String name) throws SecretException {
    SecretName wanted;
    try {
      wanted = new SecretName(name.strip());
    } catch (InvalidValueException e) {
      throw new SecretException(Diagnostic.error("workr.show", e.summary(), e.hint()));
    }
    Optional<Secret> found = find(wanted);
    if (found.isEmpty()) {
      throw new SecretException(
          Diagnostic.error(
              "workr.show",
              "'" + wanted + "' is in none of: " + this,
              "mvn workr:secrets lists the names that this cluster uses."));
    }
    return found.get();
  }

  /** Where {@link #find} finds {@code name}. */
  public Optional<Origin> origin(SecretName name) throws SecretException {
    return origin(List.of(name));
  }

  /** Where the first of {@code names} is. */
  Optional<Origin> origin(List<SecretName> names) throws SecretException {
    Optional<Found> found = locate(names);
    found.ifPresent(one -> one.secret().close());
    return found.map(Found::origin);
  }

  /** The first of {@code names} that is anywhere: the order of names goes before that of places. */
  Optional<Found> locate(List<SecretName> names) throws SecretException {
    for (SecretName name : names) {
      Optional<Found> found = given(name);
      if (found.isEmpty()) {
        found = in(keystore, name);
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /**
   * The secret {@code name} where workr only reads: in the environment or in settings.xml. A
   * pending one is never there, as workr alone knows what it has made up.
   */
  Optional<Found> given(SecretName name) throws SecretException {
    for (SecretSource source : name.replaced().isPresent() ? List.<SecretSource>of() : given) {
      Optional<Found> found = in(source, name);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Whether that is the keystore, where workr stores secrets. */
  boolean kept(Origin origin) {
    return origin.source().equals(keystore.describe());
  }

  private static Optional<Found> in(SecretSource source, SecretName name) throws SecretException {
    return source
        .find(name)
        .map(
            secret ->
                new Found(secret, new Origin(name, source.describe(), source.describe(name))));
  }

  /** The three places in which {@code name} can be put, for a person. */
  public String ways(SecretName name) {
    return "Set the environment variable "
        + name.environmentVariable()
        + ", or add to settings.xml a <server> with the id "
        + name
        + " and the password, or put it into the "
        + keystore.describe();
  }

  /** What the keystore is called in messages. */
  String keystoreName() {
    return keystore.describe();
  }

  /**
   * The project's keystore, also when its file does not exist yet. Closed with the store.
   *
   * @throws SecretException when its password is not given or does not open it
   */
  public Keystore keystore() throws SecretException {
    return keystore.keystore();
  }

  /**
   * The project's keystore, for who is going to store something under its password.
   *
   * @throws SecretException when the password is not given, does not open it or, for a keystore
   *     that is yet to be made, is easy to guess
   */
  public Keystore keystoreToWrite() throws SecretException {
    Keystore opened = keystore();
    if (!opened.exists() && !opened.passwordSuffices(new Strength(List.of("workr")))) {
      throw new SecretException(
          Diagnostic.error(
              opened.toString(),
              "its password is too easy to guess, and the file can be copied",
              "Use at least five words chosen by dice, or 16 characters chosen by a machine."));
    }
    return opened;
  }

  /** Where the project's keystore is, whether or not it exists yet. */
  public Path keystoreFile() {
    return keystore.file();
  }

  /** Overwrites what it holds; secrets that it handed out are their receivers'. */
  @Override
  public void close() {
    keystore.close();
  }

  /** The places, without what is in them. */
  @Override
  public String toString() {
    return "environment, settings.xml, " + keystore.describe();
  }
}
