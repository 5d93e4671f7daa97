package org.workr.capability.disk;

/** The hash of a TPM's registers. */
public enum PcrBank {
  /** SHA-1. */
  SHA1,
  /** SHA-256. */
  SHA256,
  /** SHA-384. */
  SHA384,
  /** SHA-512. */
  SHA512
}
