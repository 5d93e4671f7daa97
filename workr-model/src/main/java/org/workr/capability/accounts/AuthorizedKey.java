package org.workr.capability.accounts;

/**
 * A public key that may log in, or where it stands. The plugin replaces files and URLs by the keys
 * in them before anything is planned, so planners see {@link LiteralKey} only.
 */
public sealed interface AuthorizedKey permits LiteralKey, KeyFile, KeyUrl {}
