package org.workr.engine;

/**
 * What the controller keeps of a cluster.
 *
 * @param vault secrets
 * @param headers copies of LUKS headers
 * @param lock what is fixed of the containers
 */
public record Stores(Vault vault, HeaderStore headers, LockFile lock) {}
