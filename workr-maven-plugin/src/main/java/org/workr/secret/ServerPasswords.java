package org.workr.secret;

import java.util.Optional;

/** The passwords of the servers in Maven's settings, decrypted one at a time. */
@FunctionalInterface
public interface ServerPasswords {

  /**
   * The password of the server with this id; empty when there is no such server or it has no
   * password. The array belongs to the receiver.
   *
   * @throws SecretException when it is there and cannot be decrypted
   */
  Optional<char[]> password(String serverId) throws SecretException;

  /** Settings without servers. */
  static ServerPasswords none() {
    return id -> Optional.empty();
  }
}
