package org.workr.capability.identity;

import java.util.List;
import org.workr.facts.Fact;
import org.workr.render.Shell;
import org.workr.value.Host;

/**
 * What else a clone carries of its template. Each line that the probe prints is a word for the kind
 * and a value.
 *
 * @param lines in the probe's order
 */
record CloneState(List<String> lines) {
  // A file that is only removed. DHCP leases: another machine's address. Docker's key and engine
  // id:
  // made anew when it starts. Random seeds: systemd writes new ones at shutdown.
  private static final String PROBE =
      """
      home=$(getent passwd USER | cut -d: -f6)
      for file in /var/lib/systemd/random-seed /boot/efi/loader/random-seed \\
          /boot/loader/random-seed /efi/loader/random-seed \\
          /var/lib/dhcp/*.leases /var/lib/dhcpcd/*.lease /var/lib/NetworkManager/*.lease \\
          /etc/docker/key.json /var/lib/docker/engine-id; do
        [ ! -f "$file" ] || printf 'file %s\\n' "$file"
      done
      for file in /root/.bash_history /root/.zsh_history \\
          "$home/.bash_history" "$home/.zsh_history"; do
        [ ! -f "$file" ] || printf 'history %s\\n' "$file"
      done
      # A rule for a present address names the interface that carries the connection.
      rules=/etc/udev/rules.d/70-persistent-net.rules
      if [ -f "$rules" ]; then
        used=no
        for address in /sys/class/net/*/address; do
          mac=$(cat "$address") || continue
          case $mac in ''|00:00:00:00:00:00) continue ;; esac
          ! grep -qiF "$mac" "$rules" || used=yes
        done
        [ "$used" = yes ] || printf 'file %s\\n' "$rules"
      fi
      if [ -s /var/lib/tailscale/tailscaled.state ]; then
        if systemctl is-active --quiet tailscaled.service 2>/dev/null; then echo 'tailscale active'
        else echo 'tailscale inactive'; fi
      fi
      if [ -s /etc/iscsi/initiatorname.iscsi ]; then
        if [ -n "$(ls -A /sys/class/iscsi_session 2>/dev/null)" ]; then echo 'iscsi busy'
        else echo 'iscsi idle'; fi
      fi
      if [ -s /etc/nvme/hostid ] || [ -s /etc/nvme/hostnqn ]; then
        if cat /sys/class/nvme/*/transport 2>/dev/null | grep -qv '^pcie$'; then echo 'nvme busy'
        else echo 'nvme idle'; fi
      fi
      ! grep -qs '^MY_HOSTID="..*"' /etc/popularity-contest.conf ||
        echo 'popcon /etc/popularity-contest.conf'
      [ ! -d /etc/workr/container ] || echo 'container /etc/workr/container'
      [ ! -s /var/lib/docker/swarm/docker-state.json ] || echo 'swarm /var/lib/docker/swarm'
      # Keys that open the account of root, but for those of cloud-init, which only print a message.
      ! grep -sE '^[^#]*(ssh|ecdsa|sk)-[^ ]+ +AAAA' /root/.ssh/authorized_keys |
        grep -qv 'command=' || echo 'root-keys /root/.ssh/authorized_keys'
      for file in /root/.ssh/id_* "$home"/.ssh/id_*; do
        case $file in *.pub) continue ;; esac
        [ ! -f "$file" ] || printf 'private-key %s\\n' "$file"
      done
      true""";

  /** Copies the list. */
  CloneState {
    lines = List.copyOf(lines);
  }

  static Fact<CloneState> fact(Host host) {
    return Fact.of(
        "identity.clone-state",
        PROBE.replace("USER", Shell.quote(host.user())),
        text -> {
          List<String> lines = text.lines().distinct().toList();
          if (lines.stream().anyMatch(line -> !line.matches("[a-z-]+ .+"))) {
            throw new IllegalArgumentException("'" + text + "'");
          }
          return new CloneState(lines);
        });
  }

  /** The values of one kind. */
  List<String> of(String kind) {
    return lines.stream()
        .filter(line -> line.startsWith(kind + " "))
        .map(line -> line.substring(kind.length() + 1))
        .toList();
  }
}
