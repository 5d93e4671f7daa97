package org.workr.secret;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.apache.commons.codec.digest.Sha2Crypt;

/** Login passwords as crypt(5) hashes, so that a host is given only those. */
public final class Crypt {
  /** Twenty times the default: half a second for whoever logs in on the slowest machine. */
  private static final int ROUNDS = 100_000;

  private static final int SALT_LENGTH = 16;
  private static final String SALT_ALPHABET =
      "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private Crypt() {}

  /**
   * The SHA-512 hash of {@code password} with a fresh salt, as it stands in {@code /etc/shadow}.
   */
  public static byte[] sha512(Secret password) {
    SecureRandom random = new SecureRandom();
    StringBuilder salt = new StringBuilder();
    for (int i = 0; i < SALT_LENGTH; i++) {
      salt.append(SALT_ALPHABET.charAt(random.nextInt(SALT_ALPHABET.length())));
    }
    return sha512(password, salt.toString());
  }

  static byte[] sha512(Secret password, String salt) {
    String parameters = "$6$rounds=" + ROUNDS + "$" + salt + "$";
    return password.reveal(
        bytes -> Sha2Crypt.sha512Crypt(bytes, parameters).getBytes(StandardCharsets.US_ASCII));
  }
}
