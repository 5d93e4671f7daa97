package org.workr.value;

/** What a secret is for, and so what rules hold for it. */
public enum SecretKind {
  /** A password that a person can type at a login prompt, and that sudo asks for. */
  LOGIN_PASSWORD,
  /** A passphrase that opens a disk, typed at a keyboard that an initramfs drives. */
  DISK_PASSPHRASE,
  /** The passphrase of the private key that workr logs in with. */
  SSH_KEY_PASSPHRASE,
  /** A key with which a host joins a tailnet. */
  TAILSCALE_KEY,
  /** The password of an account of a container registry. */
  REGISTRY_PASSWORD,
  /** The private key of a certificate, as PEM on one line. */
  TLS_KEY
}
