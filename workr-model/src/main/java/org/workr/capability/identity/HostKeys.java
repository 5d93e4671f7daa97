package org.workr.capability.identity;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.SshServer;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Fingerprint;
import org.workr.value.Hostname;

/**
 * The SSH host keys. New ones are made in a folder beside, pinned by the controller, copied over
 * the old ones file by file, and proven by a new connection; only then the folder goes. Whatever
 * breaks off in between, sshd has a complete key, the template's or the pinned one, and the folder
 * makes the next plan go on.
 */
final class HostKeys {
  static final String STAGING = "/etc/ssh/.workr";

  /** Fingerprint of each key file in /etc/ssh, or {@code invalid} for what sshd would not load. */
  static final Fact<Map<String, String>> INSTALLED =
      Fact.of(
          "identity.host-keys",
          """
          command -v ssh-keygen >/dev/null || exit 1
          for key in /etc/ssh/ssh_host_*_key; do
            [ -e "$key" ] || continue
            if public=$(ssh-keygen -y -P '' -f "$key" 2>/dev/null); then
              print=$(printf '%s\\n' "$public" | ssh-keygen -l -E sha256 -f -) || exit 1
              print=${print#* }
              printf '%s %s\\n' "${key##*/}" "${print%% *}"
            else
              printf '%s invalid\\n' "${key##*/}"
            fi
          done""",
          HostKeys::parse);

  /** Whose keys are being made and of which types, when an earlier run was interrupted. */
  static final Fact<Optional<Staged>> STAGED =
      Fact.of(
          "identity.host-keys-staged",
          """
          cd /etc/ssh/.workr 2>/dev/null || { [ ! -e /etc/ssh/.workr ] && echo absent; exit; }
          [ ! -e for ] || cat for""",
          Staged::parse);

  private static final Pattern FILE = Pattern.compile("/etc/ssh/ssh_host_[a-z0-9]+_key");
  private static final Duration RECONNECT = Duration.ofMinutes(1);

  private HostKeys() {}

  /**
   * What {@link #STAGING} is for.
   *
   * @param hostname whose keys; empty when that was not written any more
   * @param types in lower case
   */
  record Staged(String hostname, List<String> types) {
    static Optional<Staged> parse(String text) {
      if (text.equals("absent")) {
        return Optional.empty();
      }
      List<String> words = text.isEmpty() ? List.of("") : List.of(text.split(" "));
      return Optional.of(new Staged(words.get(0), words.subList(1, words.size())));
    }
  }

  private static Map<String, String> parse(String text) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (words.length != 2) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      if (!words[1].equals("invalid")) {
        Fingerprint.parse(words[1]);
      }
      keys.put(words[0], words[1]);
    }
    return keys;
  }

  /**
   * Plans the change.
   *
   * @param clone whether every key is the template's, whatever its fingerprint
   */
  static void plan(IdentitySpec spec, Situation situation, boolean clone, Findings.Builder out) {
    Optional<Map<String, String>> known = situation.require(INSTALLED, out);
    Optional<Optional<Staged>> knownStaged = situation.require(STAGED, out);
    if (known.isEmpty() || knownStaged.isEmpty()) {
      return;
    }
    Map<String, String> installed = known.get();
    Optional<Staged> staged = knownStaged.get();
    Hostname hostname = situation.host().hostname();
    Set<String> template =
        situation.host().templateKeys().stream()
            .map(Fingerprint::value)
            .collect(Collectors.toSet());
    boolean all = clone || installed.values().stream().anyMatch(template::contains);
    List<String> renew = new ArrayList<>();
    List<String> keep = new ArrayList<>();
    for (HostKeyType declared : spec.hostKeyTypes()) {
      String type = declared.name().toLowerCase(Locale.ROOT);
      boolean begun =
          staged
              .filter(s -> s.hostname().equals(hostname.value()) && s.types().contains(type))
              .isPresent();
      boolean missing = installed.getOrDefault(file(type), "invalid").equals("invalid");
      (all || begun || missing ? renew : keep).add(type);
    }
    Set<String> extra = new TreeSet<>(installed.keySet());
    spec.hostKeyTypes().forEach(type -> extra.remove(file(type.name().toLowerCase(Locale.ROOT))));
    if (renew.isEmpty() && extra.isEmpty() && staged.isEmpty()) {
      return;
    }
    Optional<SshServer.Settings> settings =
        situation.require(SshServer.settings(situation.host()), out);
    Optional<String> listener = situation.require(SshServer.LISTENER, out);
    if (settings.isEmpty() || listener.isEmpty() || refused(spec, settings.get(), out)) {
      return;
    }
    List<Step> steps = new ArrayList<>();
    steps.add(Step.shell(prepare(hostname, renew, keep)));
    steps.add(new Step.PinHostKeys(STAGING));
    steps.add(Step.shell(install(renew, extra)));
    steps.addAll(SshServer.reload(listener.get()));
    steps.add(
        new Step.Reconnect(
            Step.Reconnect.Where.NEW_HOST_KEYS,
            RECONNECT,
            "sshd has new host keys, which are pinned. Look at the machine's console, then run the"
                + " goal again: it goes on from here."));
    steps.add(Step.run("rm", "-rf", STAGING));
    out.change(
        Stage.IDENTITY,
        staged.isPresent() ? Action.RESUME : installed.isEmpty() ? Action.CREATE : Action.UPDATE,
        "host-keys",
        before(installed),
        after(spec, installed, renew),
        steps.toArray(Step[]::new));
  }

  private static boolean refused(
      IdentitySpec spec, SshServer.Settings settings, Findings.Builder out) {
    List<String> used = settings.all("hostkey");
    for (String path : used) {
      if (!FILE.matcher(path).matches()) {
        out.error(
            "sshd has its host key in '" + path + "', where workr does not replace it",
            "Remove the line HostKey "
                + path
                + " from the files of sshd, so that it takes the keys"
                + " /etc/ssh/ssh_host_*_key.");
        return true;
      }
    }
    for (HostKeyType type : spec.hostKeyTypes()) {
      String path = "/etc/ssh/" + file(type.name().toLowerCase(Locale.ROOT));
      if (!used.contains(path)) {
        out.error(
            "sshd does not use '" + path + "', because its files name other host keys",
            "Remove the HostKey lines from the files of sshd, or declare only the types that they"
                + " name in <hostKeyTypes>.");
        return true;
      }
    }
    return false;
  }

  private static String file(String type) {
    return "ssh_host_" + type + "_key";
  }

  private static String before(Map<String, String> installed) {
    return installed.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(key -> key.getKey() + " " + key.getValue())
        .collect(Collectors.joining("\n"));
  }

  private static String after(
      IdentitySpec spec, Map<String, String> installed, List<String> renewed) {
    return spec.hostKeyTypes().stream()
        .map(type -> type.name().toLowerCase(Locale.ROOT))
        .sorted()
        .map(
            type ->
                file(type) + " " + (renewed.contains(type) ? "(new)" : installed.get(file(type))))
        .collect(Collectors.joining("\n"));
  }

  /** Makes what is missing in the staging folder; complete keys of an interrupted run stay. */
  private static String prepare(Hostname hostname, List<String> renew, List<String> keep) {
    StringBuilder script = new StringBuilder();
    script.append("umask 077\nwanted='").append(hostname);
    renew.forEach(type -> script.append(' ').append(type));
    script.append(
        """
        '
        if [ "$(cat /etc/ssh/.workr/for 2>/dev/null)" != "$wanted" ]; then
          rm -rf /etc/ssh/.workr
          mkdir /etc/ssh/.workr
          printf '%s\\n' "$wanted" >/etc/ssh/.workr/for
        fi
        cd /etc/ssh/.workr
        words() { cut -d' ' -f1,2; }
        """);
    for (String type : renew) {
      script.append(
          """
          key=KEY
          if ! public=$(ssh-keygen -y -P '' -f $key 2>/dev/null) ||
              [ "$(words <$key.pub)" != "$(printf '%s\\n' "$public" | words)" ]; then
            rm -f $key $key.pub
            ssh-keygen -q -tTYPE -N '' -C root@HOST -f $key
          fi
          """
              .replace("KEY", file(type))
              .replace("TYPE", " " + type + (type.equals("rsa") ? " -b 3072" : ""))
              .replace("HOST", hostname.value()));
    }
    for (String type : keep) {
      script.append("ssh-keygen -y -P '' -f ../KEY >KEY.pub\n".replace("KEY", file(type)));
    }
    return script.append("sync -f .").toString();
  }

  /** Copies each staged pair over the old one by two renames, so that no key is ever half there. */
  private static String install(List<String> renew, Set<String> extra) {
    StringBuilder script = new StringBuilder("cd /etc/ssh\n");
    for (String type : renew) {
      script.append(
          """
          install -m 0644 .workr/KEY.pub KEY.pub.workr
          install -m 0600 .workr/KEY KEY.workr
          sync KEY.pub.workr KEY.workr
          mv -f KEY.workr KEY
          mv -f KEY.pub.workr KEY.pub
          """
              .replace("KEY", file(type)));
    }
    for (String key : extra) {
      script.append("rm -f KEY KEY.pub KEY-cert.pub\n".replace("KEY", key));
    }
    return script.append("sync .\n/usr/sbin/sshd -t").toString();
  }
}
