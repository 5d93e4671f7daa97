package org.workr.capability.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.SshServer;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Shell;

/**
 * Whether sshd accepts passwords, by a drop-in. It is switched off only in a session that got in by
 * key.
 */
final class PasswordLogin {
  /** How the session got in: {@code publickey} or {@code password}; the engine says it. */
  static final Fact<String> SESSION =
      Fact.text("accounts.session", "printf '%s\\n' \"${WORKR_AUTH:-unknown}\"");

  /** Content of the drop-in; empty when there is none. */
  static final Fact<String> DROP_IN = Fact.file("accounts.sshd-drop-in", SshServer.DROP_IN, "");

  private static final List<String> KEYWORDS =
      List.of("PasswordAuthentication", "KbdInteractiveAuthentication");
  private static final String PROOF =
      """
      if [ "${WORKR_AUTH:-}" != publickey ]; then
        echo 'this session got in by password: no declared key is one that workr can use'
        exit 1
      fi""";

  /**
   * sshd on what its files will be, the drop-in's lines before all others: of several the first one
   * wins. What it refuses must not come near its folder, where the next boot would find it and
   * start no sshd.
   */
  private static final String REHEARSAL =
      """
      umask 077
      { printf %s CONTENT; cat MAIN; } >/run/workr/sshd_config
      if ! /usr/sbin/sshd -t -f /run/workr/sshd_config; then
        echo 'sshd would not start with these settings, so nothing was changed: SETTINGS'
        exit 1
      fi
      rm -f /run/workr/sshd_config""";

  private PasswordLogin() {}

  static void plan(Access access, Situation situation, Findings.Builder out) {
    Optional<SshServer.Settings> settings =
        situation.require(SshServer.settings(situation.host()), out);
    if (settings.isEmpty()) {
      return;
    }
    String wanted = access.accounts().passwordLogin() ? "yes" : "no";
    // Asking by keyboard is another way to the same password; it is off with it, and not needed on.
    List<String> keywords = wanted.equals("yes") ? KEYWORDS.subList(0, 1) : KEYWORDS;
    if (keywords.stream()
        .allMatch(keyword -> settings.get().is(keyword.toLowerCase(Locale.ROOT), wanted))) {
      return;
    }
    Optional<SshdFiles> files = situation.require(SshdFiles.FACT, out);
    Optional<String> present = situation.require(DROP_IN, out);
    Optional<String> session = situation.require(SESSION, out);
    Optional<String> listener = situation.require(SshServer.LISTENER, out);
    if (files.isEmpty() || present.isEmpty() || session.isEmpty() || listener.isEmpty()) {
      return;
    }
    List<String> lines = keywords.stream().map(keyword -> keyword + " " + wanted).toList();
    String content = "# Written by workr.\n" + String.join("\n", lines) + "\n";
    if (withoutEffect(keywords, wanted, files.get(), out)) {
      return;
    }
    if (present.get().equals(content.stripTrailing())) {
      out.error(
          "sshd "
              + (wanted.equals("yes") ? "refuses" : "accepts")
              + " passwords in spite of '"
              + SshServer.DROP_IN
              + "'",
          "A Match block in the files of sshd says otherwise for '"
              + situation.host().user()
              + "', or sshd was built without it: look with sshd -T.");
      return;
    }
    if (wanted.equals("no") && session.get().equals("password") && access.keys().isEmpty()) {
      out.error(
          "workr got in by password, which is to be switched off, and no key is declared",
          "Declare the key that workr logs in with in <authorizedKeys>, or"
              + " <passwordLogin>true</passwordLogin>.");
      return;
    }
    List<Step> steps = new ArrayList<>();
    if (wanted.equals("no")) {
      if (!session.get().equals("publickey")) {
        steps.add(
            new Step.Reconnect(
                Step.Reconnect.Where.AS_BEFORE,
                Duration.ofMinutes(1),
                Duration.ZERO,
                "Password login over SSH is still on."));
      }
      steps.add(Step.shell(PROOF));
    }
    steps.add(
        Step.shell(
            REHEARSAL
                .replace("CONTENT", Shell.quote(content))
                .replace("MAIN", SshServer.MAIN)
                .replace("SETTINGS", String.join(", ", lines))));
    steps.add(Step.file(SshServer.DROP_IN, content, "0644"));
    steps.addAll(SshServer.reload(listener.get()));
    out.change(
        Stage.SYSTEM,
        Action.UPDATE,
        "ssh-password-login",
        wanted.equals("no") ? "accepted" : "refused",
        wanted.equals("no") ? "refused" : "accepted",
        steps.toArray(Step[]::new));
  }

  private static boolean withoutEffect(
      List<String> keywords, String wanted, SshdFiles files, Findings.Builder out) {
    if (!files.readsDropIns()) {
      out.error(
          "'" + SshServer.MAIN + "' does not include the files of '/etc/ssh/sshd_config.d'",
          "Put this line at its top: Include /etc/ssh/sshd_config.d/*.conf");
      return true;
    }
    for (String keyword : keywords) {
      Optional<SshdFiles.Line> first =
          files
              .before(keyword.toLowerCase(Locale.ROOT))
              .filter(line -> !line.value().equalsIgnoreCase(wanted));
      if (first.isPresent()) {
        out.error(
            "'"
                + keyword
                + " "
                + first.get().value()
                + "' in "
                + first.get().file()
                + ", line "
                + first.get().number()
                + ", comes before workr's setting and wins",
            "Remove that line on the template, or declare <passwordLogin>"
                + wanted.equals("no")
                + "</passwordLogin>.");
        return true;
      }
    }
    return false;
  }
}
