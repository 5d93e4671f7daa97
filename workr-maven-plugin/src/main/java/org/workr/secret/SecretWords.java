package org.workr.secret;

import java.security.SecureRandom;
import java.util.Random;
import org.workr.value.SecretName;

/**
 * Makes secrets that a person can read to another and type anywhere: eight groups of four letters,
 * each starting with a capital, such as {@code KtedRvofPhusNixg...}.
 *
 * <p>Only letters that are on the same key of QWERTY, QWERTZ and AZERTY keyboards are used, because
 * an initramfs often has another layout than the keyboard in front of it; without l, which looks
 * like I. 19 letters in 32 places are 135 bits.
 */
final class SecretWords {
  private static final String LETTERS = "bcdefghijknoprstuvx";
  private static final int GROUPS = 8;
  private static final int GROUP_LENGTH = 4;

  private final Random random;

  /** With the system's randomness. */
  SecretWords() {
    this(new SecureRandom());
  }

  /** For tests of the form only. */
  SecretWords(Random random) {
    this.random = random;
  }

  /** A new one. */
  Secret make(SecretName name) {
    char[] value = new char[GROUPS * GROUP_LENGTH];
    for (int i = 0; i < value.length; i++) {
      char letter = LETTERS.charAt(random.nextInt(LETTERS.length()));
      value[i] = i % GROUP_LENGTH == 0 ? Character.toUpperCase(letter) : letter;
    }
    return Secret.take(name, value);
  }
}
