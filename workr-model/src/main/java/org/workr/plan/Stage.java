package org.workr.plan;

/**
 * The order of changes on a host. The network comes first: when its change is rolled back, nothing
 * else has been touched. The login password comes last: until then the way in stays as it was.
 */
public enum Stage {
  /** Address, gateway, name servers, with the dead-man rollback. */
  NETWORK,
  /** Hostname, machine-id, SSH host keys. */
  IDENTITY,
  /** Packages, accounts, console and everything else that needs no restart to be proven. */
  SYSTEM,
  /** What the machine starts from, made of what the stages before have laid down for it. */
  IMAGE,
  /** Passphrase, automatic unlocking and volume key of the disks. */
  DISK,
  /** One reboot, when something asked for it. */
  RESTART,
  /** What is noted because the restart has proven it. */
  PROOF,
  /** The login password. */
  CREDENTIALS
}
