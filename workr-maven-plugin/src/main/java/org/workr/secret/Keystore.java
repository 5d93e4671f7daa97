package org.workr.secret;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.UnrecoverableKeyException;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.workr.diagnostic.Diagnostic;
import org.workr.file.DurableFile;
import org.workr.file.FileGuard;
import org.workr.value.SecretKind;
import org.workr.value.SecretName;

/**
 * The project's secrets in a PKCS #12 file. A file that does not exist yet is an empty keystore.
 * Safe for use by several threads and processes: every change reads the file anew, and is on the
 * disk when the method returns.
 *
 * <p>A secret about to be installed on a host is first stored as <em>pending</em> beside the one in
 * use, and promoted when it has been proven there.
 */
public final class Keystore implements AutoCloseable {
  /** No name of a secret has a colon, so no secret is ever taken for a pending one. */
  private static final String PENDING = ":pending";

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Path file;
  private final Secret password;
  private Pkcs12 content;

  private Keystore(Path file, Secret password, Pkcs12 content) {
    this.file = file;
    this.password = password;
    this.content = content;
  }

  /**
   * Opens {@code file}.
   *
   * @param password closed with the keystore
   * @throws SecretException when the file is there and cannot be read, or not with this password
   */
  public static Keystore open(Path file, Secret password) throws SecretException {
    return new Keystore(file, password, load(file, password));
  }

  /** Where it is, whether or not it exists yet. */
  public Path file() {
    return file;
  }

  /** Whether the file is there. */
  public boolean exists() {
    return Files.exists(file);
  }

  /** Whether its password is good enough for a file that can be copied. */
  boolean passwordSuffices(Strength strength) {
    return strength.suffices(password, SecretKind.DISK_PASSPHRASE);
  }

  /** The names of the secrets in use. */
  public synchronized Set<SecretName> names() throws SecretException {
    try {
      Set<SecretName> names = new TreeSet<>();
      for (String alias : content.aliases()) {
        if (!alias.endsWith(PENDING)) {
          names.add(new SecretName(alias));
        }
      }
      return names;
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  /** The secret in use under {@code name}; the caller closes it. */
  public Optional<Secret> find(SecretName name) throws SecretException {
    return read(name.value(), name);
  }

  /** The secret that is to replace {@code name}; the caller closes it. */
  public Optional<Secret> pending(SecretName name) throws SecretException {
    return read(name + PENDING, name);
  }

  /**
   * Stores secrets under their names, all or none of them.
   *
   * @throws SecretException when one of them is there already: nothing is ever overwritten
   */
  public void add(Collection<Secret> secrets) throws SecretException {
    update(
        fresh -> {
          Set<String> aliases = fresh.aliases();
          for (Secret secret : secrets) {
            if (!aliases.add(secret.name().value())) {
              throw refused(
                  "'" + secret.name() + "' is in it already",
                  "Another run may have stored it: run the goal again.");
            }
            fresh.put(secret.name().value(), secret);
          }
        });
  }

  /**
   * Stores what is to replace the secret of the same name.
   *
   * @throws SecretException when another one is pending, because a host may have it already
   */
  public void putPending(Secret secret) throws SecretException {
    update(
        fresh -> {
          Optional<Secret> other = fresh.get(secret.name() + PENDING, secret.name());
          boolean another = other.isPresent() && !other.get().sameAs(secret);
          other.ifPresent(Secret::close);
          if (another) {
            throw refused(
                "another '" + secret.name() + "' is pending in it",
                "A host may have it already: run the interrupted goal again, which finishes it.");
          }
          fresh.put(secret.name() + PENDING, secret);
        });
  }

  /**
   * Makes the pending secret the one in use, in one write. Without a pending one nothing happens,
   * so it may be repeated.
   */
  public void promote(SecretName name) throws SecretException {
    update(
        fresh -> {
          Optional<Secret> pending = fresh.get(name + PENDING, name);
          if (pending.isPresent()) {
            try (Secret secret = pending.get()) {
              fresh.put(name.value(), secret);
            }
            fresh.remove(name + PENDING);
          }
        });
  }

  /** Forgets the pending secret, after it was proven that no host has it. */
  public void dropPending(SecretName name) throws SecretException {
    update(fresh -> fresh.remove(name + PENDING));
  }

  /** Overwrites its password. */
  @Override
  public void close() {
    password.close();
  }

  @Override
  public String toString() {
    return "keystore " + file;
  }

  private interface Edit {
    void apply(Pkcs12 fresh) throws GeneralSecurityException, SecretException;
  }

  @SuppressWarnings("try") // the guard is held, not used
  private synchronized void update(Edit edit) throws SecretException {
    if (System.getProperty("keystore.pkcs12.legacy") != null) {
      throw refused(
          "Java was told by the property keystore.pkcs12.legacy to write weak keystores",
          "Remove the property; MAVEN_OPTS and .mvn/jvm.config are where it may stand.");
    }
    try {
      Path absolute = file.toAbsolutePath();
      Files.createDirectories(absolute.resolveSibling(".").normalize());
      try (FileGuard guard = FileGuard.of(absolute, LONGEST_WAIT)) {
        Pkcs12 fresh = load(file, password);
        edit.apply(fresh);
        byte[] bytes = fresh.bytes();
        Pkcs12 proof = Pkcs12.parse(bytes, password);
        if (!proof.aliases().equals(fresh.aliases())) {
          throw new IOException("what was made of it does not hold what it should");
        }
        DurableFile.write(file, bytes, DurableFile.Readers.OWNER);
        content = proof;
      }
    } catch (IOException | GeneralSecurityException e) {
      throw refused(
          "it cannot be written" + reason(e),
          "It is as it was before. Mend the cause and run the goal again.");
    }
  }

  private synchronized Optional<Secret> read(String alias, SecretName name) throws SecretException {
    try {
      return content.get(alias, name);
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  private static Pkcs12 load(Path file, Secret password) throws SecretException {
    try {
      return Files.exists(file)
          ? Pkcs12.parse(Files.readAllBytes(file), password)
          : Pkcs12.empty(password);
    } catch (IOException | GeneralSecurityException e) {
      if (e.getCause() instanceof UnrecoverableKeyException) {
        throw new SecretException(
            Diagnostic.error(
                "keystore " + file,
                "the secret '" + password.name() + "' does not open it",
                "Give the password that it was made with."));
      }
      throw unreadable(file, e);
    }
  }

  private SecretException refused(String summary, String hint) {
    return new SecretException(Diagnostic.error(toString(), summary, hint));
  }

  private static SecretException unreadable(Path file, Exception cause) {
    return new SecretException(
        Diagnostic.error(
            "keystore " + file,
            "it cannot be read as a PKCS #12 file" + reason(cause),
            "Put it back from a backup or from version control."));
  }

  /** What the system said; nothing that could quote the content of a file. */
  private static String reason(Exception cause) {
    return cause instanceof FileSystemException file && file.getReason() != null
        ? " (" + file.getReason() + ")"
        : "";
  }
}
