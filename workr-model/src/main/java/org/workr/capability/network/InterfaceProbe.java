package org.workr.capability.network;

import java.util.Optional;
import org.workr.facts.Fact;
import org.workr.render.Shell;
import org.workr.value.Host;

/**
 * Shell text that finds the interface which is to have the address: the declared one, else the one
 * that has the address already, else the one that carries the SSH connection, else the one of the
 * only default route.
 *
 * @param host whose
 * @param declared the interface of the pom
 */
record InterfaceProbe(Host host, Optional<String> declared) {

  static InterfaceProbe of(NetworkSpec spec, Host host) {
    return new InterfaceProbe(
        host,
        host.networkInterface()
            .or(() -> spec.networkInterface().map(declared -> declared.value())));
  }

  /** {@code body} with the shell variable {@code interface} set, empty when it cannot be told. */
  String with(String body) {
    return find() + body;
  }

  private String find() {
    if (declared.isPresent()) {
      String name = Shell.quote(declared.get());
      return "interface=" + name + "\n[ -e /sys/class/net/" + name + " ] || interface=\n";
    }
    return """
        # The engine says over which addresses it came: client, port, server, port.
        set -- ${WORKR_SSH_CONNECTION:-}
        server=${3-}
        server=${server#::ffff:}
        holder() { ip -o addr show to "$1" 2>/dev/null | sed -n '1s/^[0-9]*: \\([^ ]*\\) .*/\\1/p'; }
        interface=$(holder ADDRESS/32)
        if [ -z "$interface" ] && [ -n "$server" ]; then interface=$(holder "$server"); fi
        if [ -z "$interface" ] || [ "$interface" = lo ]; then
          interface=$(ip -o -4 route show default | sed -n 's/.* dev \\([^ ]*\\) .*/\\1/p' | sort -u)
          case $interface in *[[:space:]]*) interface= ;; esac
        fi
        """
        .replace("ADDRESS", host.address().ip().toString());
  }

  /** The interface itself. */
  Fact<Link> link() {
    return Fact.of(
        "network.interface",
        with(
            """
            echo "interface ${interface:--}"
            [ -n "$interface" ] || exit 0
            folder=/sys/class/net/$interface
            echo "mac $(cat "$folder/address")"
            type=$(sed -n 's/^DEVTYPE=//p' "$folder/uevent")
            echo "type ${type:--}"
            master=-
            [ ! -e "$folder/master" ] || master=$(basename "$(readlink "$folder/master")")
            echo "master $master"
            udevadm info --query=property --path="$folder" 2>/dev/null | sed -n \\
              -e 's/^ID_NET_NAME_ONBOARD=/onboard /p' -e 's/^ID_NET_NAME_SLOT=/slot /p' \\
              -e 's/^ID_NET_NAME_PATH=/path /p' -e 's/^ID_NET_LINK_FILE=/link-file /p'
            """),
        Link::parse);
  }
}
