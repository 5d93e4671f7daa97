package org.workr.capability.accounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.SshServer;
import org.workr.capability.identity.Identity;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.SshPublicKey;

/** The keys that may log in as the host's user: {@code ~/.ssh/authorized_keys}. */
final class AuthorizedKeys {
  private static final String NAME = ".ssh/authorized_keys";

  private AuthorizedKeys() {}

  static Fact<KeyLines> first(Host host) {
    return HomeFiles.keys(host, "accounts.authorized-keys", "authorized_keys");
  }

  /** The second file that sshd reads by default. */
  static Fact<KeyLines> second(Host host) {
    return HomeFiles.keys(host, "accounts.authorized-keys2", "authorized_keys2");
  }

  /** The key that this session came in with, which the engine knows: sshd tells nobody. */
  static final Fact<Optional<SshPublicKey>> OF_SESSION =
      Fact.of(
          "accounts.session-key",
          "printf '%s\\n' \"${WORKR_KEY:?}\"",
          text -> text.equals("-") ? Optional.empty() : Optional.of(SshPublicKey.parse(text)));

  static void plan(Access access, Situation situation, Account account, Findings.Builder out) {
    Host host = situation.host();
    if (!access.accounts().exclusiveKeys() && Identity.isClone(situation)) {
      warnOfOthers(access, situation, out);
    }
    if (access.keys().isEmpty()) {
      if (access.accounts().exclusiveKeys()) {
        out.warning(
            "no key is declared, so none is removed from the authorized keys of '"
                + host.user()
                + "'",
            "Declare keys in <authorizedKeys>, or leave <exclusiveKeys> out.");
      }
      return;
    }
    Optional<HomeFiles> files = situation.require(HomeFiles.fact(host), out);
    Optional<KeyLines> first = situation.require(first(host), out);
    Optional<SshServer.Settings> settings = situation.require(SshServer.settings(host), out);
    if (files.isEmpty()
        || first.isEmpty()
        || settings.isEmpty()
        || elsewhere(settings.get(), account, host, out)) {
      return;
    }
    boolean exclusive = access.accounts().exclusiveKeys();
    List<SshPublicKey> keys = new ArrayList<>(access.keys());
    if (exclusive) {
      Optional<Optional<SshPublicKey>> own = situation.require(OF_SESSION, out);
      if (own.isEmpty()) {
        return;
      }
      own.get()
          .filter(key -> keys.stream().noneMatch(declared -> declared.blob().equals(key.blob())))
          .ifPresent(keys::add);
    }
    KeyLines wanted = first.get().with(keys, exclusive);
    List<Step> steps = steps(files.get(), first.get(), wanted, account);
    if (!steps.isEmpty() && linked(files.get(), account, out)) {
      return;
    }
    if (!steps.isEmpty()) {
      boolean same = wanted.equals(first.get());
      out.change(
          Stage.SYSTEM,
          files.get().file().is("absent") ? Action.CREATE : Action.UPDATE,
          "authorized-keys",
          same ? "files that others may change, so sshd takes no key" : first.get().content(),
          same ? "files that only the user may change" : wanted.content(),
          steps.toArray(Step[]::new));
    }
    if (exclusive) {
      onlyThese(settings.get(), situation, account, out);
    }
  }

  private static void warnOfOthers(Access access, Situation situation, Findings.Builder out) {
    Host host = situation.host();
    List<String> others =
        Stream.of(first(host), second(host))
            .flatMap(
                fact -> situation.get(fact).orElse(new KeyLines("")).others(access.keys()).stream())
            .distinct()
            .toList();
    if (!others.isEmpty()) {
      out.warning(
          "keys that are not declared may log in as '"
              + host.user()
              + "' on all clones of the template: "
              + String.join(", ", others),
          "Declare those that are wanted in <authorizedKeys>; <exclusiveKeys>true</exclusiveKeys> in"
              + " <accounts> removes the others.");
    }
  }

  private static boolean elsewhere(
      SshServer.Settings settings, Account account, Host host, Findings.Builder out) {
    List<String> read = files(settings);
    Set<String> ours = Set.of(NAME, "%h/" + NAME, account.home() + "/" + NAME);
    if (read.stream().anyMatch(ours::contains)) {
      return false;
    }
    out.error(
        "sshd reads the keys of '"
            + host.user()
            + "' from '"
            + String.join(" ", read)
            + "', and workr writes ~/"
            + NAME,
        "Remove the AuthorizedKeysFile lines from the files of sshd, or declare no"
            + " <authorizedKeys>.");
    return true;
  }

  private static List<String> files(SshServer.Settings settings) {
    return settings.all("authorizedkeysfile").stream()
        .flatMap(line -> List.of(line.split(" ", -1)).stream())
        .toList();
  }

  private static boolean linked(HomeFiles files, Account account, Findings.Builder out) {
    if (!files.home().is("folder")) {
      out.error(
          "'" + account.home() + "', the home of the user that workr logs in as, is not a folder",
          "Make the folder on the template, owned by the user.");
      return true;
    }
    boolean folder = files.folder().is("folder") || files.folder().is("absent");
    boolean file = files.file().is("file") || files.file().is("absent");
    if (folder && file) {
      return false;
    }
    out.error(
        "'"
            + account.home()
            + "/"
            + (folder ? NAME : ".ssh")
            + "' is a link or something else that workr does not write through",
        "Replace it by a plain " + (folder ? "file" : "folder") + " on the template.");
    return true;
  }

  private static List<Step> steps(
      HomeFiles files, KeyLines first, KeyLines wanted, Account account) {
    List<Step> steps = new ArrayList<>();
    String folder = account.home() + "/.ssh";
    String file = account.home() + "/" + NAME;
    if (files.home().loose(account)) {
      steps.add(Step.run("chmod", "go-w", account.home()));
    }
    if (files.folder().is("absent")) {
      steps.add(
          Step.run(
              "install",
              "-d",
              "-m",
              "0700",
              "-o",
              String.valueOf(account.uid()),
              "-g",
              String.valueOf(account.gid()),
              folder));
    } else if (files.folder().loose(account)) {
      steps.addAll(tighten(folder, account));
    }
    if (!wanted.equals(first)) {
      steps.add(new Step.WriteFile(file, wanted.content(), "0600", account.owner()));
    } else if (files.file().loose(account)) {
      steps.addAll(tighten(file, account));
    }
    return steps;
  }

  private static List<Step> tighten(String path, Account account) {
    return List.of(Step.run("chown", account.owner(), path), Step.run("chmod", "go-w", path));
  }

  private static void onlyThese(
      SshServer.Settings settings, Situation situation, Account account, Findings.Builder out) {
    Optional<KeyLines> second = situation.require(second(situation.host()), out);
    if (second.filter(KeyLines::hasKeys).isPresent()
        && files(settings).stream().anyMatch(name -> name.endsWith("/authorized_keys2"))) {
      out.change(
          Stage.SYSTEM,
          Action.DELETE,
          "authorized-keys2",
          second.get().content(),
          "",
          Step.run("rm", "-f", account.home() + "/.ssh/authorized_keys2"));
    }
    for (String keyword : List.of("authorizedkeyscommand", "trustedusercakeys")) {
      if (!settings.is(keyword, "none") && !settings.all(keyword).isEmpty()) {
        out.warning(
            "sshd takes keys of '"
                + situation.host().user()
                + "' also from "
                + String.join(" ", settings.all(keyword))
                + " ("
                + keyword
                + ")",
            "workr does not see these keys. Remove the line from the files of sshd if only the"
                + " declared keys may log in.");
      }
    }
  }
}
