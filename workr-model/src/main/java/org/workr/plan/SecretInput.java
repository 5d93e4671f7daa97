package org.workr.plan;

import org.workr.value.SecretName;

/**
 * A line for a command's stdin, made by the engine from a secret.
 *
 * @param prefix plain text before it, for example {@code ubuntu:}
 * @param secret which one
 * @param form how it is written
 */
public record SecretInput(String prefix, SecretName secret, Form form) {

  /** How a secret is written to stdin. */
  public enum Form {
    /** As it is. */
    PLAIN,
    /** As a SHA-512 hash of crypt(5), {@code $6$}, with a fresh salt. */
    CRYPT_SHA512
  }

  /** The secret itself as one line. */
  public static SecretInput plain(SecretName secret) {
    return new SecretInput("", secret, Form.PLAIN);
  }
}
