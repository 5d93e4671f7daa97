package org.workr.capability.container;

/** Where RStudio's page answers. */
public enum RStudioAddress {
  /** In the container, so that whoever wants it comes through its SSH server. */
  LOOPBACK,
  /** At the declared address of the host. */
  HOST
}
