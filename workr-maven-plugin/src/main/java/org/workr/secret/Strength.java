package org.workr.secret;

import com.nulabinc.zxcvbn.WipeableString;
import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.Arrays;
import java.util.List;
import org.workr.value.SecretKind;

/** How hard a secret is to guess, as zxcvbn (Wheeler, USENIX Security 2016) estimates it. */
final class Strength {
  /**
   * 10^16 guesses: sixteen random characters, or four random words. Who has the disk can guess
   * offline for years. The estimate takes a random character for one of ten, so it is a low one.
   */
  private static final double DISK = 15.99;

  /** 10^8 guesses: what zxcvbn calls safe where a service makes guessing slow, its score 3. */
  private static final double LOGIN = 8;

  /** Beyond that the estimate takes minutes, and nothing gets weaker by being longer. */
  private static final int LONGEST = 64;

  private final Zxcvbn zxcvbn = new Zxcvbn();
  private final List<String> familiar;

  /**
   * @param familiar words that a guesser tries first: names of the cluster, hosts and accounts
   */
  Strength(List<String> familiar) {
    this.familiar = List.copyOf(familiar);
  }

  /** Whether {@code secret} is good enough for what it is for. */
  boolean suffices(Secret secret, SecretKind kind) {
    return guesses(secret) >= (kind == SecretKind.DISK_PASSPHRASE ? DISK : LOGIN);
  }

  /** The number of guesses as a power of ten. */
  private double guesses(Secret secret) {
    char[] chars = secret.copy();
    char[] start = Arrays.copyOf(chars, Math.min(chars.length, LONGEST));
    Arrays.fill(chars, '\0');
    WipeableString text = new WipeableString(start);
    try {
      com.nulabinc.zxcvbn.Strength strength = zxcvbn.measure(text, familiar);
      double guesses = strength.getGuessesLog10();
      strength.wipe();
      return guesses;
    } finally {
      text.wipe();
      Arrays.fill(start, '\0');
    }
  }
}
