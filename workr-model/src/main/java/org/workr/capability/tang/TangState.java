package org.workr.capability.tang;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.facts.Fact;

/**
 * How a Tang server stands. Of its keys nothing leaves the host but thumbprints.
 *
 * @param packages installed ones, of those that it needs
 * @param dropIn what workr's drop-in of its socket holds, without the last line end; empty when it
 *     is not there
 * @param active {@code ActiveState} of its socket, as systemctl(1) calls it
 * @param enabled {@code UnitFileState} of its socket
 * @param listeners names of the programs that listen on its port
 * @param keys those that it advertises
 * @param kept how many keys it keeps without advertising them
 */
record TangState(
    List<String> packages,
    Optional<String> dropIn,
    String active,
    String enabled,
    List<String> listeners,
    List<Key> keys,
    int kept) {
  /** Where Debian and Ubuntu keep the keys. */
  static final String KEYS = "/var/lib/tang";

  static final String SOCKET = "tangd.socket";
  static final String DROP_IN = "/etc/systemd/system/tangd.socket.d/workr.conf";

  private static final Pattern LISTENER = Pattern.compile("\\(\"([^\"]+)\",pid=");

  /**
   * A key that is advertised (tang(8)).
   *
   * @param signs whether it signs, and does not exchange
   * @param own whether it is younger than the machine's id, so that no template has it
   * @param since when its file was written, by the host's clock
   * @param thumbprint SHA-256, as RFC 7638 has it
   */
  record Key(boolean signs, boolean own, Instant since, String thumbprint) {}

  /** Copies the lists. */
  TangState {
    packages = List.copyOf(packages);
    listeners = List.copyOf(listeners);
    keys = List.copyOf(keys);
  }

  static Fact<TangState> fact(TangSpec spec) {
    return Fact.of(
        "tang.state",
        """
        for package in jose tang; do
          case $(dpkg-query -Wf '${db:Status-Status}' "$package" 2>/dev/null) in
            installed) echo "package $package" ;;
          esac
        done
        [ ! -e DROP_IN ] || sed 's/^/dropin /' DROP_IN
        echo "active $(systemctl show -p ActiveState --value SOCKET 2>/dev/null)"
        echo "enabled $(systemctl show -p UnitFileState --value SOCKET 2>/dev/null)"
        ! command -v ss >/dev/null || ss -Hltnp 'sport = :PORT' | sed 's/^/listener /'
        for file in KEYS/*.jwk; do
          [ -e "$file" ] && command -v jose >/dev/null || continue
          if jose jwk use -i "$file" -r -u verify -o /dev/null 2>/dev/null; then use=signs; else use=exchanges; fi
          if [ "$file" -ot /etc/machine-id ]; then whose=template; else whose=own; fi
          echo "key $use $whose $(stat -c %Y "$file") $(jose jwk thp -i "$file" -a S256)"
        done
        for file in KEYS/.*.jwk; do [ ! -e "$file" ] || echo kept; done"""
            .replace("DROP_IN", DROP_IN)
            .replace("SOCKET", SOCKET)
            .replace("KEYS", KEYS)
            .replace("PORT", String.valueOf(spec.port())),
        TangState::parse);
  }

  /** The keys that sign, the youngest first. */
  List<Key> signing() {
    return keys.stream()
        .filter(Key::signs)
        .sorted(Comparator.comparing(Key::since).reversed())
        .toList();
  }

  /** Whether a disk could be bound to it. */
  boolean complete() {
    return keys.stream().anyMatch(Key::signs) && keys.stream().anyMatch(key -> !key.signs());
  }

  private static TangState parse(String text) {
    List<String> packages = new ArrayList<>();
    List<String> dropIn = new ArrayList<>();
    TreeSet<String> listeners = new TreeSet<>();
    List<Key> keys = new ArrayList<>();
    String active = "";
    String enabled = "";
    int kept = 0;
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", 2);
      String rest = words.length > 1 ? words[1] : "";
      switch (words[0]) {
        case "package" -> packages.add(rest);
        case "dropin" -> dropIn.add(rest);
        case "active" -> active = rest;
        case "enabled" -> enabled = rest;
        case "listener" -> listeners.add(listener(rest));
        case "key" -> keys.add(key(rest));
        case "kept" -> kept++;
        default -> throw new IllegalArgumentException("'" + line + "'");
      }
    }
    return new TangState(
        packages,
        dropIn.isEmpty() ? Optional.empty() : Optional.of(String.join("\n", dropIn)),
        active,
        enabled,
        List.copyOf(listeners),
        keys,
        kept);
  }

  private static String listener(String line) {
    Matcher matcher = LISTENER.matcher(line);
    return matcher.find() ? matcher.group(1) : "a program without a name";
  }

  private static Key key(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 4 || !words[2].matches("\\d{1,12}") || !words[3].matches("[\\w-]{43}")) {
      throw new IllegalArgumentException("key '" + line + "'");
    }
    return new Key(
        words[0].equals("signs"),
        words[1].equals("own"),
        Instant.ofEpochSecond(Long.parseLong(words[2])),
        words[3]);
  }
}
