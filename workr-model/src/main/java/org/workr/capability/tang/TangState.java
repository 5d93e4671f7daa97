package org.workr.capability.tang;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.facts.Fact;

/**
 * How a Tang server stands. Of its keys nothing leaves the host but thumbprints.
 *
 * @param packages installed ones, of those that it needs
 * @param extraPorts those that workr's drop-in adds
 * @param onlyExtra whether it takes away the one that the package has
 * @param ports all TCP ports that its socket is to listen on
 * @param active {@code ActiveState} of its socket, as systemctl(1) calls it
 * @param enabled {@code UnitFileState} of its socket
 * @param listeners names of the programs that listen on its port
 * @param keys those that it advertises
 * @param broken names of files that should hold a key and do not
 * @param unread whether there are keys that could not be looked at, as jose is not there
 * @param kept how many keys it keeps without advertising them
 */
record TangState(
    List<String> packages,
    Set<Integer> extraPorts,
    boolean onlyExtra,
    Set<Integer> ports,
    String active,
    String enabled,
    List<String> listeners,
    List<Key> keys,
    List<String> broken,
    boolean unread,
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
    extraPorts = Set.copyOf(extraPorts);
    ports = Set.copyOf(ports);
    broken = List.copyOf(broken);
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
        [ ! -e DROP_IN ] || sed -n 's/^ListenStream=\\([0-9][0-9]*\\)$/extra \\1/p' DROP_IN
        ! grep -qx ListenStream= DROP_IN 2>/dev/null || echo only
        systemctl show -p Listen --value SOCKET 2>/dev/null | sed -n 's/.*:\\([0-9][0-9]*\\) (Stream).*/port \\1/p'
        echo "active $(systemctl show -p ActiveState --value SOCKET 2>/dev/null)"
        echo "enabled $(systemctl show -p UnitFileState --value SOCKET 2>/dev/null)"
        ! command -v ss >/dev/null || ss -Hltnp 'sport = :PORT' | sed 's/^/listener /'
        for file in KEYS/*.jwk; do
          [ -e "$file" ] || continue
          command -v jose >/dev/null || { echo unread; continue; }
          thumbprint=$(jose jwk thp -i "$file" -a S256 2>/dev/null) && [ -n "$thumbprint" ] || { echo "broken ${file##*/}"; continue; }
          if jose jwk use -i "$file" -r -u verify -o /dev/null 2>/dev/null; then use=signs; else use=exchanges; fi
          if [ "$file" -ot /etc/machine-id ]; then whose=template; else whose=own; fi
          echo "key $use $whose $(stat -c %Y "$file") $thumbprint"
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
    Set<Integer> extraPorts = new TreeSet<>();
    boolean onlyExtra = false;
    Set<Integer> ports = new TreeSet<>();
    List<String> broken = new ArrayList<>();
    boolean unread = false;
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
        case "extra" -> extraPorts.add(port(rest));
        case "only" -> onlyExtra = true;
        case "port" -> ports.add(port(rest));
        case "broken" -> broken.add(rest);
        case "unread" -> unread = true;
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
        extraPorts,
        onlyExtra,
        ports,
        active,
        enabled,
        List.copyOf(listeners),
        keys,
        broken,
        unread,
        kept);
  }

  private static int port(String text) {
    if (!text.matches("\\d{1,5}")) {
      throw new IllegalArgumentException("port '" + text + "'");
    }
    return Integer.parseInt(text);
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
