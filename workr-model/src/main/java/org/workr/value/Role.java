package org.workr.value;

/** What a host does in its cluster. */
public enum Role {
  /** Runs the analysts' R processes. */
  WORKER,
  /** Runs the services that the workers depend on. */
  HEAD,
  /** Where analysts log in. */
  LOGIN,
  /** Serves keys for automatic unlocking. */
  TANG
}
