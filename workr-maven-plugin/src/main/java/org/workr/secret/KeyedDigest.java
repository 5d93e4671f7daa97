package org.workr.secret;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Digests by which secrets can be compared within one run, and which are worth nothing outside. */
final class KeyedDigest {
  private static final String ALGORITHM = "HmacSHA256";

  private final byte[] key = new byte[32];

  KeyedDigest() {
    new SecureRandom().nextBytes(key);
  }

  String of(Secret secret) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return HexFormat.of().formatHex(secret.reveal(mac::doFinal));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java has " + ALGORITHM, e);
    }
  }
}
