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
 * <p>A secret about to be installed on a host is first stored as {@link SecretName#pending} beside
 * the one in use, and promoted when it has been proven there; the one before is then kept as {@link
 * SecretName#current} until nothing opens with it.
 */
public final class Keystore implements AutoCloseable {
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

  /** A copy of its password, which the receiver closes. */
  public Secret password() {
    return password.as(password.name());
  }

  /** The names of the secrets in it, without the pending ones. */
  public synchronized Set<SecretName> names() throws SecretException {
    try {
      Set<SecretName> names = new TreeSet<>();
      for (String alias : content.aliases()) {
        names.add(new SecretName(alias));
      }
      names.removeIf(name -> name.replaced().isPresent());
      return names;
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  /** The secret {@code name}; the caller closes it. */
  public synchronized Optional<Secret> find(SecretName name) throws SecretException {
    try {
      return content.get(name);
    } catch (GeneralSecurityException e) {
      throw unreadable(file, e);
    }
  }

  /**
   * Stores secrets under their names, all or none of them.
   *
   * @throws SecretException when one of them is there already: nothing is ever overwritten
   */
  public void add(Collection<Secret> secrets) throws SecretException {
    update(
        fresh -> {
          Set<SecretName> added = new TreeSet<>();
          for (Secret secret : secrets) {
            if (fresh.has(secret.name())) {
              throw refused(
                  "'" + secret.name() + "' is in it already",
                  "Another run may have stored it: run the goal again.");
            }
            fresh.put(secret.name(), secret);
            added.add(secret.name());
          }
          return added;
        });
  }

  /**
   * Stores what is to replace the secret of the same name. When another one is pending nothing
   * happens, because a host may have that one already.
   *
   * @throws SecretException when it could not be promoted: see {@link #promote}
   */
  public void putPending(Secret secret) throws SecretException {
    SecretName pending = secret.name().pending();
    update(
        fresh -> {
          replacedWithoutLoss(fresh, secret.name()).ifPresent(Secret::close);
          if (fresh.has(pending)) {
            return Set.of();
          }
          fresh.put(pending, secret);
          return Set.of(pending);
        });
  }

  /**
   * Makes the pending secret the one in use, and keeps the one before as {@link
   * SecretName#current}, in one write. Without a pending one nothing happens, so it may be
   * repeated.
   *
   * <p>What an earlier replacement kept there is never overwritten. It opens nothing that the
   * pending one, which has been proven, does not open too; but a host where it was not taken off
   * would be left with a passphrase that nobody can name any more, and that a thief may have.
   *
   * @throws SecretException when another secret is kept there; {@link #remove} it when it is proven
   *     that it opens nothing
   */
  public void promote(SecretName name) throws SecretException {
    update(
        fresh -> {
          Optional<Secret> pending = fresh.get(name.pending());
          if (pending.isEmpty()) {
            return Set.of();
          }
          Set<SecretName> changed = new TreeSet<>(Set.of(name, name.pending()));
          try (Secret next = pending.get()) {
            Optional<Secret> replaced = replacedWithoutLoss(fresh, name);
            if (replaced.isPresent()) {
              try (Secret before = replaced.get()) {
                fresh.put(name.current(), before);
              }
              changed.add(name.current());
            }
            fresh.put(name, next);
          }
          fresh.remove(name.pending());
          return changed;
        });
  }

  /** Takes secrets out of it by their names, in one write; those that are not in it are fine. */
  public void remove(Collection<SecretName> names) throws SecretException {
    update(
        fresh -> {
          Set<SecretName> removed = new TreeSet<>();
          for (SecretName name : names) {
            if (fresh.has(name)) {
              fresh.remove(name);
              removed.add(name);
            }
          }
          return removed;
        });
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
    /** Returns the names under which something else is now. */
    Set<SecretName> apply(Pkcs12 fresh) throws GeneralSecurityException, SecretException;
  }

  /** The secret in use, which the caller closes, when it can be kept as the one before. */
  private Optional<Secret> replacedWithoutLoss(Pkcs12 fresh, SecretName name)
      throws GeneralSecurityException, SecretException {
    Optional<Secret> inUse = fresh.get(name);
    Optional<Secret> kept = fresh.get(name.current());
    boolean lost = inUse.isPresent() && kept.isPresent() && !kept.get().sameAs(inUse.get());
    kept.ifPresent(Secret::close);
    if (lost) {
      inUse.ifPresent(Secret::close);
      throw refused(
          "'" + name.current() + "' is still in it, kept from replacing '" + name + "' before",
          "A disk may still open with it: run the interrupted goal again, which takes it off the"
              + " host and then forgets it.");
    }
    return inUse;
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
        Set<SecretName> changed = edit.apply(fresh);
        if (changed.isEmpty()) {
          content = fresh;
          return;
        }
        byte[] bytes = fresh.bytes();
        Pkcs12 proof = Pkcs12.parse(bytes, password);
        if (!proof.aliases().equals(fresh.aliases()) || !proof.sameAs(fresh, changed)) {
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
