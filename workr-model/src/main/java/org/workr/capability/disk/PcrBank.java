package org.workr.capability.disk;

import java.util.Locale;

/** The hash of a TPM's registers. */
public enum PcrBank {
  /** SHA-1. */
  SHA1,
  /** SHA-256. */
  SHA256,
  /** SHA-384. */
  SHA384,
  /** SHA-512. */
  SHA512;

  /** As Clevis and Linux call it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
