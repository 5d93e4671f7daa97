package org.workr.capability.accounts;

import java.util.Optional;
import java.util.function.Function;
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

/**
 * Whether sudo asks. One file of workr's says so: of several rules the last one wins (sudoers(5)),
 * and the files of {@code sudoers.d} are read in the order of their names, so rules of cloud-init
 * and others stay where they are without effect.
 */
final class SudoRule {
  private static final String PATH = "/etc/sudoers.d/workr";

  /** sudo skips names with a full stop. */
  private static final String NEW = "/etc/sudoers.d/.workr";

  /** Mode, owner and content of workr's file, or {@code absent}. */
  static final Fact<String> FILE =
      Fact.perl(
          "accounts.sudo-file",
          """
          my $content = content("PATH");
          my @is = stat "PATH";
          print defined $content ? sprintf("%o %d\\n%s", $is[2] & 07777, $is[4], $content) : "absent";"""
              .replace("PATH", PATH),
          Function.identity());

  /** Files with rules that free somebody from the password, for the person. */
  static final Fact<String> FREEING =
      Fact.perl(
          "accounts.sudo-nopasswd",
          """
          my @left = ("/etc/sudoers", "/etc/sudoers.d");
          while (defined(my $path = shift @left)) {
            if (-d $path) {
              opendir my $folder, $path or next;
              unshift @left, grep { !-l } map { "$path/$_" } grep { !/^\\.\\.?\\z/ } sort readdir $folder;
            } elsif (-f _) {
              print "$path\\n" if (eval { content($path) } // "") =~ /^[^#\\n]*(NOPASSWD|!authenticate)/m;
            }
          }""",
          Function.identity());

  private SudoRule() {}

  /** {@code free} when sudo lets the user do all without asking, {@code asks}, or {@code none}. */
  static Fact<String> effect(Host host) {
    return Fact.of(
        "accounts.sudo",
        """
        # Whoever began this session has just asked sudo the same.
        case ${WORKR_SUDO-} in free|asks) echo "$WORKR_SUDO"; exit 0 ;; esac
        if ! command -v sudo >/dev/null; then echo none
        elif AS_USER sudo -n -k true >/dev/null 2>&1; then echo free
        else echo asks; fi"""
            .replace("AS_USER", asUser(host)),
        text -> {
          if (!text.matches("free|asks|none")) {
            throw new IllegalArgumentException("'" + text + "'");
          }
          return text;
        });
  }

  private static String asUser(Host host) {
    String user = Shell.quote(host.user());
    return "setpriv --reuid " + user + " --regid \"$(id -g " + user + ")\" --init-groups";
  }

  static void plan(Access access, Situation situation, Findings.Builder out) {
    Host host = situation.host();
    if (host.user().equals("root")) {
      return;
    }
    Optional<String> file = situation.require(FILE, out);
    Optional<String> effect = situation.require(effect(host), out);
    if (file.isEmpty() || effect.isEmpty()) {
      return;
    }
    if (effect.get().equals("none")) {
      out.error(
          "sudo is not installed, and '" + host.user() + "' is not root",
          "Install sudo on the template, or let workr log in as root.");
      return;
    }
    boolean free = access.accounts().sudo() == SudoMode.PASSWORDLESS;
    String rule =
        "# Written by workr.\n"
            + host.user()
            + " ALL=(ALL:ALL) "
            + (free ? "NOPASSWD" : "PASSWD")
            + ": ALL\n";
    boolean written = file.get().equals("440 0\n" + rule.stripTrailing());
    boolean effective = effect.get().equals(free ? "free" : "asks");
    if (written && !effective) {
      out.error(
          "sudo "
              + (free ? "asks" : "does not ask")
              + " '"
              + host.user()
              + "' for a password in spite of '"
              + PATH
              + "'",
          "A rule after it says otherwise. Look with sudo -l -U "
              + host.user()
              + " and in: "
              + situation.get(FREEING).orElse("/etc/sudoers").replace('\n', ' '));
      return;
    }
    if (written || (effective && !free && file.get().equals("absent"))) {
      return;
    }
    if (free) {
      out.change(
          Stage.SYSTEM,
          Action.UPDATE,
          "sudo",
          effect.get().equals("asks")
              ? "asks for the password"
              : "asks for nothing, by other rules",
          "asks for nothing, by " + PATH,
          Step.file(NEW, rule, "0440"),
          Step.run("visudo", "-cqf", NEW),
          Step.run("mv", "-f", NEW, PATH));
    } else if (access.accounts().setPassword()) {
      SecretName login = host.secret("login");
      out.change(
          Stage.CREDENTIALS,
          Action.UPDATE,
          "sudo",
          effect.get().equals("asks") ? "asks for the password" : "asks for nothing",
          "asks for the password, by " + PATH,
          LoginPassword.proven(
              Step.run(SecretInput.plain(login), "sh", "-ec", askFromNowOn(host, rule)), login));
    } else {
      out.error(
          "sudo would ask '"
              + host.user()
              + "' for a password that nobody may know, because workr"
              + " does not set it",
          "Declare <setPassword>true</setPassword>, or <sudo>passwordless</sudo>.");
    }
  }

  /** Puts the rule back when the user, with the password on stdin, does not get through it. */
  private static String askFromNowOn(Host host, String rule) {
    return """
    umask 077
    printf %s RULE >NEW
    chmod 0440 NEW
    visudo -cqf NEW
    rm -f /run/workr/sudoers
    [ ! -e PATH ] || cp -p PATH /run/workr/sudoers
    sync NEW
    mv -f NEW PATH
    proven() {
      ! AS_USER sudo -n -k true </dev/null >/dev/null 2>&1 &&
        AS_USER sudo -S -k -p '' true
    }
    if ! proven; then
      if [ -e /run/workr/sudoers ]; then cp -p /run/workr/sudoers NEW; mv -f NEW PATH
      else rm -f PATH; fi
      echo 'sudo did not take the password; its rule is back as it was'
      exit 1
    fi
    rm -f /run/workr/sudoers
    sync /etc/sudoers.d"""
        .replace("AS_USER", asUser(host))
        .replace("RULE", Shell.quote(rule))
        .replace("NEW", NEW)
        .replace("PATH", PATH);
  }
}
