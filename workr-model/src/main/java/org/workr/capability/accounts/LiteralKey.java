package org.workr.capability.accounts;

import org.workr.binding.Doc;
import org.workr.value.SshPublicKey;

/**
 * A key that stands in the pom.
 *
 * @param key the key
 */
@Doc(
    element = "key",
    value = "A public key: the line of a `.pub` file.",
    example =
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9"
            + " rserver@serve-r.local")
public record LiteralKey(SshPublicKey key) implements AuthorizedKey {

  /** The key on the line {@code text}. */
  public static LiteralKey parse(String text) {
    return new LiteralKey(SshPublicKey.parse(text));
  }
}
