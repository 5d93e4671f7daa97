package org.workr.capability.accounts;

import java.util.List;
import java.util.Optional;
import org.workr.facts.Fact;
import org.workr.value.Host;

/**
 * An account's line of passwd(5), as far as workr needs it.
 *
 * @param uid number of the user
 * @param gid number of the user's first group
 * @param home absolute path
 */
record Account(int uid, int gid, String home) {

  /** The account of the host's user, empty when there is none. */
  static Fact<Optional<Account>> fact(Host host) {
    return Fact.perl(
        "accounts.user",
        // Not the second field: for root that is the hash of the password.
        "my @is = getpwnam \"%s\";\nprint @is ? join \":\", $is[0], \"x\", @is[2, 3, 6, 7, 8] : \"absent\";"
            .formatted(host.user()),
        Account::parse);
  }

  private static Optional<Account> parse(String text) {
    if (text.equals("absent")) {
      return Optional.empty();
    }
    List<String> fields = List.of(text.split(":", -1));
    if (fields.size() != 7 || !fields.get(5).startsWith("/")) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return Optional.of(
        new Account(
            Integer.parseInt(fields.get(2)), Integer.parseInt(fields.get(3)), fields.get(5)));
  }

  /** {@code user:group} by number. */
  String owner() {
    return uid + ":" + gid;
  }
}
