package org.workr.capability.network;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.plan.Step;

/**
 * systemd-networkd without netplan. Of all files that match an interface, the first by name wins.
 */
record Networkd() implements Backend {
  static final String PATH = "/etc/systemd/network/00-workr.network";

  /**
   * What networkd says of the interface.
   *
   * @param networkFile the file it is configured by; empty when networkd leaves it alone
   * @param claims what cannot be replaced
   */
  record Found(Optional<String> networkFile, Claims claims) implements State {}

  @Override
  public String name() {
    return "networkd";
  }

  @Override
  public String title() {
    return "systemd-networkd";
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Step.WriteFile file(Wanted wanted) {
    StringBuilder text = new StringBuilder("# ").append(Wanted.WRITTEN).append("\n[Match]\nName=");
    text.append(wanted.networkInterface()).append("\n\n[Network]\nDHCP=no\nAddress=");
    text.append(wanted.address()).append('\n');
    wanted.gateway().ifPresent(gateway -> text.append("Gateway=").append(gateway).append('\n'));
    wanted.nameservers().forEach(server -> text.append("DNS=").append(server).append('\n'));
    if (!wanted.searchDomains().isEmpty()) {
      text.append("Domains=").append(String.join(" ", wanted.searchWords())).append('\n');
    }
    return Step.file(PATH, text.toString(), "0644");
  }

  @Override
  public Fact<Found> state(InterfaceProbe probe) {
    return probe.fact(
        "network.networkd",
        """
            file=
            if systemctl is-active --quiet systemd-networkd.service; then
              status=$(networkctl --no-pager status "$interface") || exit 1
              file=$(printf '%s\\n' "$status" |
                sed -n 's/^ *Network File: //p' | sed '/^n\\/a$/d' | head -n 1)
            fi
            echo "file ${file:--}"
            [ -n "$file" ] && [ -r "$file" ] || exit 0
            if expr "x${file##*/}" '<' 'xOWN' >/dev/null; then
              echo "obstacle '$file' is read before workr's own file, OWN, and wins"
            fi
            settings=$(sed -n \\
              's/^ *\\(VLAN\\|Bridge\\|Bond\\|VRF\\|MACVLAN\\|IPVLAN\\|VXLAN\\|Tunnel\\) *=.*/\\1/p' \\
              "$file" | sort -u | paste -sd, -)
            [ -z "$settings" ] ||
              echo "obstacle '$file' makes other interfaces on top of this one ($settings)"
            """
            .replace("OWN", PATH.substring(PATH.lastIndexOf('/') + 1)),
        text -> {
          KeyedLines lines = KeyedLines.parse(text);
          return new Found(lines.first("file"), Claims.parse(lines, PATH));
        });
  }

  @Override
  public List<String> replaced() {
    return List.of();
  }

  @Override
  public List<Step> makeWay(Claims claims, String networkInterface) {
    return List.of();
  }

  @Override
  public Set<Resolver.Kind> feeds() {
    return Set.of(Resolver.Kind.RESOLVED);
  }
}
