package org.workr.secret;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.workr.value.SecretName;

/**
 * The content of a PKCS #12 file: texts by the names of secrets, each a secret key of its UTF-8
 * bytes. What is not said here of its form is said in docs/recovery.md, which opens it without
 * workr.
 */
final class Pkcs12 {
  /** The default of Java 17, written out so that no setting of a machine makes it weaker. */
  private static final String PROTECTION = "PBEWithHmacSHA256AndAES_256";

  private static final int ITERATIONS = 10_000;

  /** The most that {@code openssl enc} takes, by which docs/recovery.md gets at an entry. */
  private static final int SALT_LENGTH = 8;

  /** PKCS #12 wants to know what a key is for; any name does that every Java knows. */
  private static final String ALGORITHM = "AES";

  private final Secret password;
  private final KeyStore store;

  private Pkcs12(Secret password, KeyStore store) {
    this.password = password;
    this.store = store;
  }

  /** No secrets. */
  static Pkcs12 empty(Secret password) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return new Pkcs12(password, store);
  }

  /**
   * The secrets in {@code bytes}.
   *
   * @throws IOException when it is no such file; its cause is an {@link
   *     java.security.UnrecoverableKeyException} when the password is wrong
   */
  static Pkcs12 parse(byte[] bytes, Secret password) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    char[] chars = password.copy();
    try {
      store.load(new ByteArrayInputStream(bytes), chars);
    } finally {
      Arrays.fill(chars, '\0');
    }
    return new Pkcs12(password, store);
  }

  /** The content of the file. */
  byte[] bytes() throws GeneralSecurityException, IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    char[] chars = password.copy();
    try {
      store.store(out, chars);
    } finally {
      Arrays.fill(chars, '\0');
    }
    return out.toByteArray();
  }

  Set<String> aliases() throws GeneralSecurityException {
    return new TreeSet<>(Collections.list(store.aliases()));
  }

  /** The secret {@code name}; the caller closes it. */
  Optional<Secret> get(SecretName name) throws GeneralSecurityException {
    char[] chars = password.copy();
    try {
      Key key = store.getKey(name.value(), chars);
      return key == null ? Optional.empty() : Optional.of(decoded(name, key.getEncoded()));
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  void put(SecretName name, Secret secret) throws GeneralSecurityException {
    byte[] salt = new byte[SALT_LENGTH];
    new SecureRandom().nextBytes(salt);
    // openssl asn1parse shows as text what could be one, and the page counts on bytes.
    salt[0] |= (byte) 0x80;
    char[] chars = password.copy();
    KeyStore.PasswordProtection protection =
        new KeyStore.PasswordProtection(chars, PROTECTION, new PBEParameterSpec(salt, ITERATIONS));
    try {
      KeyStore.SecretKeyEntry entry =
          secret.reveal(bytes -> new KeyStore.SecretKeyEntry(new SecretKeySpec(bytes, ALGORITHM)));
      store.setEntry(name.value(), entry, protection);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  boolean has(SecretName name) throws GeneralSecurityException {
    return store.containsAlias(name.value());
  }

  /** Whether both have the same under each of {@code names}, or nothing. */
  boolean sameAs(Pkcs12 other, Collection<SecretName> names) throws GeneralSecurityException {
    boolean same = true;
    for (SecretName name : names) {
      if (has(name) && other.has(name)) {
        try (Secret mine = get(name).orElseThrow();
            Secret theirs = other.get(name).orElseThrow()) {
          same &= mine.sameAs(theirs);
        }
      } else {
        same &= has(name) == other.has(name);
      }
    }
    return same;
  }

  void remove(SecretName name) throws GeneralSecurityException {
    store.deleteEntry(name.value());
  }

  private static Secret decoded(SecretName name, byte[] bytes) {
    CharBuffer decoded = StandardCharsets.UTF_8.decode(ByteBuffer.wrap(bytes));
    Arrays.fill(bytes, (byte) 0);
    char[] chars = new char[decoded.remaining()];
    decoded.get(chars);
    Arrays.fill(decoded.array(), '\0');
    return Secret.take(name, chars);
  }
}
