package org.workr.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.workr.plan.Step;
import org.workr.value.Host;

/**
 * Copies a container image from one host to another, straight. The source serves it for this one
 * host, by an SSH server of its own that can do nothing else and ends by itself; each proves itself
 * to the other by its SSH host key, which the controller has from both over trusted connections. So
 * no key has to be made, and none stays.
 */
final class ImageCopy {
  private static final Duration LIMIT = Duration.ofMinutes(60);
  private static final Duration SHORT = Duration.ofMinutes(2);

  private static final String KEY =
      """
      echo "NONCE $(cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)"
      """;

  private static final String SERVE =
      """
      set -e
      umask 077
      folder=/run/workr/NONCE
      mkdir -p -m 0700 /run/workr "$folder"
      mkdir -p -m 0755 /run/sshd
      docker image inspect IMAGE >/dev/null
      printf 'restrict,command="docker save IMAGE" %s\\n' 'KEY' >"$folder/keys"
      n=0
      while port=$((20000 + $(od -An -N2 -tu2 /dev/urandom) % 10000)); [ "$n" -lt 50 ]; do
        n=$((n + 1))
        [ -n "$(ss -Hltn "sport = :$port")" ] || break
      done
      cat >"$folder/config" <<END
      ListenAddress ADDRESS:$port
      HostKey /etc/ssh/ssh_host_ed25519_key
      AuthorizedKeysFile $folder/keys
      AuthenticationMethods publickey
      PermitRootLogin forced-commands-only
      AllowUsers root
      UsePAM yes
      PidFile none
      DisableForwarding yes
      END
      systemd-run --quiet --collect --unit=NONCE --property=RuntimeMaxSec=2h --property=ExecStopPost="/bin/rm -rf $folder" /usr/sbin/sshd -D -e -f "$folder/config"
      n=0
      until [ -n "$(ss -Hltn "sport = :$port")" ]; do
        n=$((n + 1))
        [ "$n" -lt 100 ] || { journalctl -q -u NONCE -n 3 --no-pager -o cat; exit 1; }
        sleep 0.1
      done
      echo "NONCE $port $(cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub)"
      """;

  private static final String FETCH =
      """
      umask 077
      folder=$(mktemp -d /run/workr/copy-XXXXXX)
      trap 'rm -rf "$folder"' EXIT
      echo 'source KEY' >"$folder/known_hosts"
      {
        ssh -F /dev/null -T -p PORT -i /etc/ssh/ssh_host_ed25519_key -o BatchMode=yes -o IdentitiesOnly=yes \\
          -o StrictHostKeyChecking=yes -o UserKnownHostsFile="$folder/known_hosts" -o GlobalKnownHostsFile=/dev/null \\
          -o HostKeyAlias=source -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 root@ADDRESS \\
          </dev/null 2>"$folder/said" || echo "it ended with status $?" >>"$folder/status"
      } | docker load -q >"$folder/loaded" 2>&1 || echo "docker load: $(tail -n 1 "$folder/loaded")" >>"$folder/status"
      if [ -e "$folder/status" ]; then
        echo "NONCE $(cat "$folder/said" "$folder/status" | tail -n 3 | tr -s '\\r\\n' ' ')"
      fi
      """;

  private final List<Host> hosts;
  private final HostFinder finder;
  private final HostLock lock;

  ImageCopy(List<Host> hosts, HostFinder finder, HostLock lock) {
    this.hosts = hosts;
    this.finder = finder;
    this.lock = lock;
  }

  /** Brings the image of {@code step} to a connected host. */
  void copy(Remote target, Step.CopyImage step) throws HostException {
    Host source =
        hosts.stream()
            .filter(host -> host.hostname().equals(step.source()))
            .findFirst()
            .orElseThrow();
    String name = "workr-copy-" + Remote.nonce();
    try (Remote serving = finder.find(source, Duration.ZERO)) {
      String key = said(target, name, KEY.replace("NONCE", name), SHORT).orElse("");
      if (!key.matches("ssh-ed25519 [A-Za-z0-9+/=]+")) {
        throw new HostException("it has no SSH host key of the type ed25519");
      }
      String serve =
          SERVE
              .replace("NONCE", name)
              .replace("KEY", key)
              .replace("IMAGE", step.image())
              .replace("ADDRESS", source.address().ip().toString());
      String[] served = said(serving, name, serve, SHORT).orElse("").split(" ", 2);
      try {
        if (served.length != 2 || !served[0].matches("\\d{4,5}")) {
          throw new HostException("it does not serve the image");
        }
        fetch(target, name, source, served);
      } finally {
        stop(serving, name);
      }
    } catch (HostException e) {
      throw new HostException(
          "the image cannot be copied from " + source.hostname() + ": " + e.reason());
    }
  }

  /** It ends by itself, so a connection that is gone meanwhile is no harm. */
  private static void stop(Remote serving, String name) {
    try {
      serving.asRoot("systemctl stop " + name + " || :", List.of(), line -> {}, SHORT);
    } catch (HostException e) {
      // What was copied is there.
    }
  }

  private void fetch(Remote target, String name, Host source, String[] served)
      throws HostException {
    String[] trouble = {""};
    lock.run(
        target,
        FETCH
            .replace("NONCE", name)
            .replace("KEY", served[1])
            .replace("PORT", served[0])
            .replace("ADDRESS", source.address().ip().toString()),
        List.of(),
        line ->
            trouble[0] =
                line.startsWith(name + " ") ? line.substring(name.length() + 1) : trouble[0],
        LIMIT);
    if (!trouble[0].isEmpty()) {
      throw new HostException(trouble[0]);
    }
  }

  /** What a script says behind {@code name}. */
  private static Optional<String> said(Remote remote, String name, String script, Duration limit)
      throws HostException {
    String[] said = {null};
    remote.asRoot(
        script,
        List.of(),
        line -> said[0] = line.startsWith(name + " ") ? line.substring(name.length() + 1) : said[0],
        limit);
    return Optional.ofNullable(said[0]);
  }
}
