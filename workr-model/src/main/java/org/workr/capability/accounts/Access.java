package org.workr.capability.accounts;

import java.util.List;
import org.workr.value.SshPublicKey;

/**
 * What is declared of the account that workr logs in as, from the two places of the pom where it
 * stands.
 *
 * @param accounts what it may do
 * @param keys who may log in as it
 */
public record Access(AccountsSpec accounts, List<SshPublicKey> keys) {

  /** Copies the list. */
  public Access {
    keys = List.copyOf(keys);
  }

  /**
   * What both elements say.
   *
   * @throws IllegalArgumentException when files or URLs were not replaced by the keys in them
   */
  public static Access of(AccountsSpec accounts, SshSpec ssh) {
    return new Access(accounts, literal(ssh.authorizedKeys()));
  }

  /**
   * The keys themselves.
   *
   * @throws IllegalArgumentException when files or URLs were not replaced by the keys in them
   */
  public static List<SshPublicKey> literal(List<AuthorizedKey> keys) {
    return keys.stream().map(Access::literal).toList();
  }

  private static SshPublicKey literal(AuthorizedKey key) {
    if (key instanceof LiteralKey literal) {
      return literal.key();
    }
    throw new IllegalArgumentException("not resolved: " + key);
  }
}
