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
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.spec.PBEParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.workr.value.SecretName;

/** The content of a PKCS #12 file: texts by alias, each a secret key of its UTF-8 bytes. */
final class Pkcs12 {
  /** The default of Java 17, written out so that no setting of a machine makes it weaker. */
  private static final String PROTECTION = "PBEWithHmacSHA256AndAES_256";

  private static final int ITERATIONS = 10_000;

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

  /** The secret under {@code alias}, by the name {@code name}. */
  Optional<Secret> get(String alias, SecretName name) throws GeneralSecurityException {
    char[] chars = password.copy();
    try {
      Key key = store.getKey(alias, chars);
      return key == null ? Optional.empty() : Optional.of(decoded(name, key.getEncoded()));
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  void put(String alias, Secret secret) throws GeneralSecurityException {
    byte[] salt = new byte[20];
    new SecureRandom().nextBytes(salt);
    char[] chars = password.copy();
    KeyStore.PasswordProtection protection =
        new KeyStore.PasswordProtection(chars, PROTECTION, new PBEParameterSpec(salt, ITERATIONS));
    try {
      KeyStore.SecretKeyEntry entry =
          secret.reveal(bytes -> new KeyStore.SecretKeyEntry(new SecretKeySpec(bytes, ALGORITHM)));
      store.setEntry(alias, entry, protection);
    } finally {
      Arrays.fill(chars, '\0');
    }
  }

  void remove(String alias) throws GeneralSecurityException {
    if (store.containsAlias(alias)) {
      store.deleteEntry(alias);
    }
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
