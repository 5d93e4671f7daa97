package org.workr.capability.network;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.workr.facts.Fact;
import org.workr.plan.Step;

/**
 * NetworkManager with key files. Of all profiles that suit an interface, the one with the highest
 * priority is used; those made for this interface go, because they would step in when workr's
 * fails.
 */
record NmKeyfile() implements Backend {
  static final String PATH = "/etc/NetworkManager/system-connections/workr.nmconnection";

  /**
   * What NetworkManager says of the interface.
   *
   * @param managed whether it looks after the interface
   * @param connection name of the connection in force
   * @param uuid of that connection
   * @param claims other profiles made for the interface
   */
  record Found(boolean managed, Optional<String> connection, Optional<String> uuid, Claims claims)
      implements State {}

  @Override
  public String name() {
    return "networkmanager";
  }

  @Override
  public String title() {
    return "NetworkManager";
  }

  @Override
  public String path() {
    return PATH;
  }

  /** The connection's UUID: the same for the same host, whoever plans. */
  static String uuid(Wanted wanted) {
    String name = "org.workr " + wanted.host().cluster() + " " + wanted.host().hostname();
    return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
  }

  @Override
  public Step.WriteFile file(Wanted wanted) {
    StringBuilder text = new StringBuilder("# ").append(Wanted.WRITTEN).append('\n');
    text.append("[connection]\nid=workr\nuuid=").append(uuid(wanted));
    text.append("\ntype=ethernet\ninterface-name=").append(wanted.networkInterface());
    text.append("\nautoconnect-priority=100\n\n[ipv4]\nmethod=manual\naddress1=");
    text.append(wanted.address());
    wanted.gateway().ifPresent(gateway -> text.append(',').append(gateway));
    text.append('\n');
    list(text, "dns", wanted.nameserverWords());
    list(text, "dns-search", wanted.searchWords());
    text.append("\n[ipv6]\nmethod=auto\n");
    return Step.file(PATH, text.toString(), "0600");
  }

  private static void list(StringBuilder text, String key, List<String> items) {
    if (!items.isEmpty()) {
      text.append(key).append('=').append(String.join(";", items)).append(";\n");
    }
  }

  @Override
  public Fact<Found> state(InterfaceProbe probe) {
    // Of the files only names are printed: they may hold passwords of wireless networks.
    return probe.fact(
        "network.networkmanager",
        """
            if ! command -v nmcli >/dev/null ||
                ! systemctl is-active --quiet NetworkManager.service; then
              echo 'managed no'
              exit 0
            fi
            state=$(nmcli -g GENERAL.STATE device show "$interface") || exit 1
            managed=yes
            [ "${state%% *}" -ge 20 ] || managed=no
            case $state in *externally*) managed=no ;; esac # somebody else configures it
            echo "managed $managed"
            connection=$(nmcli -g GENERAL.CONNECTION device show "$interface")
            uuid=$(nmcli -g GENERAL.CON-UUID device show "$interface")
            echo "connection ${connection:--}"
            echo "uuid ${uuid:--}"
            for file in /etc/NetworkManager/system-connections/* \\
                /run/NetworkManager/system-connections/*; do
              case $file in */netplan-*) continue ;; esac
              [ -f "$file" ] || continue
              if grep -qxF -e "parent=$interface" "$file"; then
                echo "obstacle '$file' makes another interface on top of $interface"
              elif grep -qxF -e "interface-name=$interface" "$file" &&
                  ! grep -qx 'autoconnect=false' "$file"; then
                keys=$(perl -ne '
                  if (/^\\[(.*)\\]/) { $section = $1 }
                  elsif (/^([A-Za-z0-9-]+)=(.*)/ && "$section.$1=$2" ne "ipv6.method=auto") {
                    print "$section.$1\\n"
                  }' "$file" | sort -u | paste -sd, -)
                printf 'claim %s\\t%s\\twhole\\t%s\\n' "$file" "$interface" "${keys:--}"
              fi
            done
            """,
        text -> {
          KeyedLines lines = KeyedLines.parse(text);
          String managed = lines.first("managed").orElse("");
          if (!managed.matches("yes|no")) {
            throw new IllegalArgumentException("managed is neither yes nor no: '" + text + "'");
          }
          return new Found(
              managed.equals("yes"),
              lines.first("connection"),
              lines.first("uuid"),
              Claims.parse(lines, PATH));
        });
  }

  @Override
  public List<String> replaced() {
    return List.of(
        "connection.autoconnect-priority",
        "connection.id",
        "connection.interface-name",
        "connection.timestamp",
        "connection.type",
        "connection.uuid",
        "ethernet.mac-address",
        "ipv4.address1",
        "ipv4.dns",
        "ipv4.dns-search",
        "ipv4.gateway",
        "ipv4.method",
        "ipv6.addr-gen-mode");
  }

  @Override
  public List<Step> makeWay(Claims claims, String networkInterface) {
    List<Step> steps = new ArrayList<>();
    claims.claims().forEach(claim -> steps.add(Step.run("rm", "-f", "--", claim.path())));
    return steps;
  }

  @Override
  public Set<Resolver.Kind> feeds() {
    return Set.of(Resolver.Kind.RESOLVED, Resolver.Kind.NETWORK_MANAGER, Resolver.Kind.RESOLVCONF);
  }
}
