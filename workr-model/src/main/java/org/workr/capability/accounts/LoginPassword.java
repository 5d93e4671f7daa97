package org.workr.capability.accounts;

import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.SecretInput;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Shell;
import org.workr.value.Host;
import org.workr.value.SecretName;

/** The user's password: set as a hash, last of all, and proven in a session of its own. */
final class LoginPassword {
  /** On the host from before a password is set until it has been proven. Nothing is in it. */
  private static final String NOTE = "/var/lib/workr/login-unproven";

  /** Whether a password was set and not proven, because the run ended or the proof failed. */
  static final Fact<Boolean> UNPROVEN =
      Fact.flag(
          "accounts.password-unproven", "if [ -e " + NOTE + " ]; then echo yes; else echo no; fi");

  private LoginPassword() {}

  /** A step that puts a password in force, and its proof; the note stands until both are done. */
  static Step[] proven(Step step, SecretName login) {
    return new Step[] {
      Step.shell(
          "mkdir -p -m 0755 /var/lib/workr\n: >NOTE\nsync NOTE /var/lib/workr"
              .replace("NOTE", NOTE)),
      step,
      new Step.ProvePassword(login),
      Step.run("rm", "-f", NOTE)
    };
  }

  /**
   * What shadow(5) says of the account, without the hash: {@code set}, {@code empty}, {@code
   * locked} or {@code none}; {@code valid} or {@code expired}; {@code current} or {@code stale} for
   * a password that must be changed at the next login.
   */
  static Fact<String> state(Host host) {
    return Fact.of(
        "accounts.password-state",
        "line=$(getent shadow "
            + Shell.quote(host.user())
            + """
            ) || exit 1
            printf '%s\\n' "$line" | awk -F: -v today="$(($(date +%s) / 86400))" '{
              hash = $2 == "" ? "empty" : $2 ~ /^!/ ? "locked" : $2 ~ /^[*]/ ? "none" : "set"
              account = $8 != "" && $8 + 0 <= today ? "expired" : "valid"
              stale = $3 == "0" || ($3 != "" && $5 != "" && $5 < 99999 && $3 + $5 < today)
              print hash, account, stale ? "stale" : "current"
            }'""",
        text -> {
          if (!text.matches("(set|empty|locked|none) (valid|expired) (current|stale)")) {
            throw new IllegalArgumentException("'" + text + "'");
          }
          return text;
        });
  }

  /**
   * Whether the secret is the password. Perl, which every Debian has, computes crypt(3); the secret
   * is read from stdin and nothing but yes or no is printed.
   */
  static Fact<Boolean> isDeclared(Host host) {
    return Fact.flagWithSecret(
        "accounts.password",
        host.secret("login"),
        """
        perl -e '
          my ($user, $hash) = @ARGV;
          chomp(my $password = <STDIN> // exit 1);
          open(my $shadow, "<", "/etc/shadow") or exit 1;
          while (<$shadow>) {
            my @fields = split /:/, $_, -1;
            $hash = $fields[1] if $fields[0] eq $user;
          }
          defined $hash or exit 1;
          my $made = $hash =~ /^[^!*]/ ? crypt($password, $hash) : undef;
          print defined $made && $made eq $hash ? "yes\\n" : "no\\n";
        ' USER"""
            .replace("USER", Shell.quote(host.user())));
  }

  static void plan(Access access, Situation situation, Findings.Builder out) {
    Host host = situation.host();
    Optional<String> known = situation.require(state(host), out);
    if (known.isEmpty()) {
      return;
    }
    String state = known.get();
    if (state.contains("expired")) {
      out.error(
          "the account '" + host.user() + "' has expired",
          "On the machine, run: chage -E -1 " + host.user());
      return;
    }
    if (!access.accounts().setPassword()) {
      if (state.contains("stale")) {
        out.warning(
            "the password of '" + host.user() + "' must be changed at the next login",
            "Programs cannot do that: let workr set it with <setPassword>true</setPassword>, or run:"
                + " chage -d -1 "
                + host.user());
      }
      return;
    }
    Optional<Boolean> declared = situation.require(isDeclared(host), out);
    Optional<Boolean> unproven = situation.require(UNPROVEN, out);
    if (declared.isEmpty() || unproven.isEmpty()) {
      return;
    }
    SecretName login = host.secret("login");
    if (declared.get() && state.endsWith("current")) {
      if (unproven.get()) {
        out.change(
            Stage.CREDENTIALS,
            Action.RESUME,
            "password",
            "the secret " + login + ", not proven",
            "the secret " + login + ", proven",
            new Step.ProvePassword(login),
            Step.run("rm", "-f", NOTE));
      }
      return;
    }
    out.change(
        Stage.CREDENTIALS,
        state.startsWith("set") || state.startsWith("locked") ? Action.UPDATE : Action.CREATE,
        "password",
        before(state, declared.get()),
        "the secret " + login,
        proven(
            Step.run(
                new SecretInput(host.user() + ":", login, SecretInput.Form.CRYPT_SHA512),
                "chpasswd",
                "-e"),
            login));
  }

  private static String before(String state, boolean declared) {
    if (state.startsWith("locked")) {
      return "locked";
    }
    if (declared) {
      return "the same, too old";
    }
    return state.startsWith("set") ? "another one" : "";
  }
}
