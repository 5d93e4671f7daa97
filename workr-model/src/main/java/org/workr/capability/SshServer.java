package org.workr.capability;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.workr.facts.Fact;
import org.workr.plan.Step;
import org.workr.render.Shell;
import org.workr.value.Host;

/** What more than one capability has to know of a host's sshd, and how it is told to reload. */
public final class SshServer {
  /** The file that sshd reads first. */
  public static final String MAIN = "/etc/ssh/sshd_config";

  /** workr's file among those that {@link #MAIN} includes. */
  public static final String DROP_IN = "/etc/ssh/sshd_config.d/10-workr.conf";

  /**
   * Who makes sshd read its files again: a systemd unit, {@code socket} when systemd starts a new
   * sshd for every connection (so nobody has to), or {@code daemon} for an sshd that is no unit.
   */
  public static final Fact<String> LISTENER =
      Fact.of(
          "sshd.listener",
          """
          for unit in ssh.service sshd.service; do
            if systemctl is-active --quiet "$unit" 2>/dev/null; then echo "$unit"; exit 0; fi
          done
          for unit in ssh.socket sshd.socket; do
            if systemctl is-active --quiet "$unit" 2>/dev/null; then echo socket; exit 0; fi
          done
          if [ -s /run/sshd.pid ] && kill -0 "$(cat /run/sshd.pid)"; then echo daemon; exit 0; fi
          exit 1""",
          SshServer::listener);

  private SshServer() {}

  private static String listener(String text) {
    if (List.of("ssh.service", "sshd.service", "socket", "daemon").contains(text)) {
      return text;
    }
    throw new IllegalArgumentException("not a way to reload sshd: '" + text + "'");
  }

  /**
   * The settings of sshd_config(5) that hold for a connection of the host's user, as {@code sshd
   * -T} prints them. Unknown when sshd would not start with its present files; the reason then says
   * what sshd says, and whether it is what workr wrote that it refuses: its message names no file.
   */
  public static Fact<Settings> settings(Host host) {
    String self = host.address().ip().toString();
    return Fact.of(
        "sshd.settings",
        // The engine says where it comes from, in the form of ssh(1)'s SSH_CONNECTION.
        """
        from=${WORKR_SSH_CONNECTION:-SELF}
        if ! all=$(/usr/sbin/sshd -T -C user=USER,host=localhost,addr="${from%% *}",laddr=SELF,lport=PORT); then
          said=$(/usr/sbin/sshd -t 2>&1) && exit 1
          printf 'refused %s\\n' "$(printf '%s\\n' "$said" | tail -n 3 | tr -s '\\r\\n' ' ')"
          # What comes first wins: after these two lines, workr's say nothing.
          if [ -e DROP_IN ] &&
              { printf '%s yes\\n' PasswordAuthentication KbdInteractiveAuthentication; cat MAIN; } |
                /usr/sbin/sshd -t -f /dev/stdin 2>/dev/null; then
            echo 'because of workr'
          fi
          exit 0
        fi
        printf '%s\\n' "$all" | grep -E '^(hostkey|authorizedkeysfile|authorizedkeyscommand|trustedusercakeys|pubkeyauthentication|passwordauthentication|kbdinteractiveauthentication) '"""
            .replace("USER", Shell.quote(host.user()))
            .replace("SELF", self)
            .replace("PORT", String.valueOf(host.port()))
            .replace("DROP_IN", DROP_IN)
            .replace("MAIN", MAIN),
        Settings::parse);
  }

  /** The step that makes sshd read its files again, none when it does so by itself. */
  public static List<Step> reload(String listener) {
    return switch (listener) {
      case "socket" -> List.of();
      case "daemon" -> List.of(Step.shell("kill -HUP \"$(cat /run/sshd.pid)\""));
      default -> List.of(new Step.ControlUnit("reload", listener));
    };
  }

  /**
   * Settings in force.
   *
   * @param values all values of each keyword, which is in lower case
   */
  public record Settings(Map<String, List<String>> values) {

    /** Copies the map. */
    public Settings {
      values = Map.copyOf(values);
    }

    static Settings parse(String text) {
      if (text.isEmpty()) {
        throw new IllegalArgumentException("no settings");
      }
      if (text.startsWith("refused ")) {
        throw new IllegalArgumentException(
            "sshd would not start, it refuses its files with '"
                + text.lines().findFirst().orElseThrow().substring("refused ".length()).strip()
                + "'"
                + (text.endsWith("because of workr")
                    ? "; it would start without '" + DROP_IN + "', which workr wrote"
                    : ""));
      }
      return new Settings(
          text.lines()
              .map(line -> line.split(" ", 2))
              .collect(
                  Collectors.groupingBy(
                      words -> words[0].toLowerCase(Locale.ROOT),
                      Collectors.mapping(
                          words -> words.length > 1 ? words[1] : "", Collectors.toList()))));
    }

    /** All values of a keyword, which may stand more than once. */
    public List<String> all(String keyword) {
      return values.getOrDefault(keyword, List.of());
    }

    /** Whether a keyword's first value is {@code value}. */
    public boolean is(String keyword, String value) {
      List<String> all = all(keyword);
      return !all.isEmpty() && all.get(0).equals(value);
    }
  }
}
