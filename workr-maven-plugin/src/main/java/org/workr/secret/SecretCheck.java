package org.workr.secret;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.SecretKind;
import org.workr.value.SecretName;
import org.workr.value.SecretNeed;

/**
 * Whether a cluster's secrets are there and fit for use: all problems at once. No message says
 * anything of a value, not even how long it is.
 */
public final class SecretCheck {
  /** Longest passphrase that cryptsetup(8) takes from a keyboard. */
  private static final int LONGEST = 512;

  private final ClusterSecrets secrets;
  private final SecretStore store;
  private final Strength strength;
  private final Set<Diagnostic> problems = new LinkedHashSet<>();

  private SecretCheck(ClusterSecrets secrets, SecretStore store, List<String> familiar) {
    this.secrets = secrets;
    this.store = store;
    this.strength = new Strength(familiar);
  }

  /**
   * The problems of {@code secrets}, in the order of the needs.
   *
   * @param store where they were looked for
   * @param familiar words that a guesser tries first: names of the cluster, hosts and accounts
   */
  public static List<Diagnostic> check(
      ClusterSecrets secrets, SecretStore store, List<String> familiar) {
    SecretCheck check = new SecretCheck(secrets, store, familiar);
    secrets.needs().forEach(check::present);
    secrets.needs().forEach(check::usable);
    check.distinct();
    return List.copyOf(check.problems);
  }

  private void present(SecretNeed need) {
    Optional<Diagnostic> unreadable = secrets.unreadable(need);
    if (unreadable.isPresent()) {
      Diagnostic problem = unreadable.get();
      Diagnostic warning = Diagnostic.warning(problem.path(), problem.summary(), problem.hint());
      if (need.required()) {
        problems.remove(warning);
        problems.add(problem);
      } else if (!problems.contains(problem)) {
        problems.add(warning);
      }
    } else if (need.required() && secrets.origin(need.name()).isEmpty()) {
      report(
          need,
          "it is not given (" + need.purpose() + ")",
          store.ways(need.name())
              + (need.installed() ? "; mvn workr:secrets makes one up there." : "."));
    }
  }

  private void usable(SecretNeed need) {
    secrets.lend(need.name(), secret -> check(need, secret));
  }

  private void check(SecretNeed need, Secret secret) {
    Form form = Form.of(secret);
    if (form.lines()) {
      report(
          need,
          "it has a line end or another control character in it",
          "Look for a line end that was copied with it"
              + origin(need)
              + "; a secret is one line of text.");
      return;
    }
    if (!need.installed()) {
      return;
    }
    if (!form.typeable()) {
      report(
          need,
          "it has characters that not every keyboard can type before the system has started",
          "Use letters, digits and punctuation of ASCII only.");
    }
    if (form.blankEnds()) {
      report(
          need,
          "it begins or ends with a blank",
          "Remove the blank, which nobody sees and somebody will forget" + origin(need) + ".");
    }
    if (form.length() > LONGEST) {
      report(
          need,
          "it is longer than the " + LONGEST + " characters that cryptsetup takes from a keyboard",
          "Use a shorter one.");
    }
    if (!strength.suffices(secret, need.kind())) {
      report(
          need,
          "it is too easy to guess",
          need.kind() == SecretKind.DISK_PASSPHRASE
              ? "Use at least five words chosen by dice, or 16 characters chosen by a machine;"
                  + " mvn workr:secrets makes one up when none is given."
              : "Use at least three words chosen by dice, or 10 characters chosen by a machine;"
                  + " mvn workr:secrets makes one up when none is given.");
    }
    current(need, secret);
  }

  /** The secret that the template brings must not be what the host ends with. */
  private void current(SecretNeed need, Secret secret) {
    SecretName current = new SecretName(need.name() + ".current");
    secrets.lend(
        current,
        other -> {
          if (other.sameAs(secret)) {
            report(
                need,
                "it is the template's, which every clone has",
                "Give the host one of its own; '" + current + "' is where the template's stands.");
          }
        });
  }

  /** No two hosts share what is installed on them, and no host has one for two purposes. */
  private void distinct() {
    Map<String, SecretNeed> seen = new LinkedHashMap<>();
    KeyedDigest digest = new KeyedDigest();
    for (SecretNeed need : secrets.needs()) {
      if (need.installed()) {
        secrets.lend(
            need.name(),
            secret -> {
              SecretNeed first = seen.putIfAbsent(digest.of(secret), need);
              if (first != null) {
                report(
                    need,
                    "it is the same as '" + first.name() + "'",
                    "Whoever learns one of them has both: give each its own.");
              }
            });
      }
    }
  }

  private String origin(SecretNeed need) {
    return secrets.origin(need.name()).map(origin -> " (" + origin + ")").orElse("");
  }

  private void report(SecretNeed need, String summary, String hint) {
    problems.add(Diagnostic.error("secret " + need.name(), summary, hint));
  }
}
