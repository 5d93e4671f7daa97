package org.workr.vault;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.CipherInputStream;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.workr.secret.Secret;

/**
 * The form that {@code openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -md sha256 -salt} writes: the
 * word {@code Salted__}, 8 bytes of salt, and what was encrypted; key and IV are derived from the
 * password. It keeps a secret and does not prove who wrote it; a LUKS2 header has checksums of its
 * own.
 *
 * <p>An instance is for one content, because its salt must never serve for two.
 */
final class OpenSslForm implements AutoCloseable {
  /** What OWASP asks for of PBKDF2 with HMAC-SHA-256; a second or two of a processor. */
  static final int ITERATIONS = 600_000;

  private static final byte[] MAGIC = "Salted__".getBytes(StandardCharsets.US_ASCII);
  private static final int SALT_LENGTH = 8;
  private static final int KEY_LENGTH = 32;
  private static final int IV_LENGTH = 16;

  private final byte[] start = Arrays.copyOf(MAGIC, MAGIC.length + SALT_LENGTH);
  private final byte[] derived;

  /**
   * A key from {@code password} and a fresh salt.
   *
   * @param iterations {@link #ITERATIONS}, or fewer in a test
   */
  OpenSslForm(Secret password, int iterations) throws GeneralSecurityException {
    byte[] salt = new byte[SALT_LENGTH];
    new SecureRandom().nextBytes(salt);
    System.arraycopy(salt, 0, start, MAGIC.length, SALT_LENGTH);
    char[] chars = password.copy();
    PBEKeySpec spec = new PBEKeySpec(chars, salt, iterations, (KEY_LENGTH + IV_LENGTH) * 8);
    Arrays.fill(chars, '\0');
    try {
      derived =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
    } finally {
      spec.clearPassword();
    }
  }

  /** What is to be written so that the password opens it. */
  byte[] encrypt(byte[] content) throws GeneralSecurityException {
    Cipher cipher = cipher(Cipher.ENCRYPT_MODE);
    byte[] form = Arrays.copyOf(start, start.length + cipher.getOutputSize(content.length));
    cipher.doFinal(content, 0, content.length, form, start.length);
    return form;
  }

  /**
   * Whether {@code file} is what was encrypted, and {@code content} comes out of it.
   *
   * @throws IOException when it cannot be read or is damaged
   */
  boolean holds(Path file, byte[] content) throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(start, in.readNBytes(start.length))
          && same(new CipherInputStream(in, cipher(Cipher.DECRYPT_MODE)), content);
    }
  }

  private static boolean same(InputStream stored, byte[] content) throws IOException {
    InputStream wanted = new ByteArrayInputStream(content);
    byte[] one = new byte[1 << 16];
    byte[] other = new byte[one.length];
    try (stored) {
      int length;
      do {
        length = stored.readNBytes(one, 0, one.length);
        if (length != wanted.readNBytes(other, 0, other.length)
            || !Arrays.equals(one, 0, length, other, 0, length)) {
          return false;
        }
      } while (length > 0);
      return true;
    } finally {
      Arrays.fill(one, (byte) 0);
      Arrays.fill(other, (byte) 0);
    }
  }

  private Cipher cipher(int mode) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
    cipher.init(
        mode,
        new SecretKeySpec(derived, 0, KEY_LENGTH, "AES"),
        new IvParameterSpec(derived, KEY_LENGTH, IV_LENGTH));
    return cipher;
  }

  /** Overwrites the key. */
  @Override
  public void close() {
    Arrays.fill(derived, (byte) 0);
  }
}
