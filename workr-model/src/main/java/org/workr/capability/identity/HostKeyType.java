package org.workr.capability.identity;

/** A kind of SSH host key, named as {@code ssh-keygen -t} names it. */
public enum HostKeyType {
  /** Ed25519 (RFC 8709). */
  ED25519,
  /** RSA with 3072 bits. */
  RSA,
  /** ECDSA on the curve P-256. */
  ECDSA
}
