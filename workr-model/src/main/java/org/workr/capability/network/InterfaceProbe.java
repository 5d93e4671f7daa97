package org.workr.capability.network;

import java.util.Optional;
import java.util.function.Function;
import org.workr.facts.Fact;
import org.workr.render.Shell;
import org.workr.value.Host;

/**
 * Shell text that finds the interface which is to have the address: the declared one, else the one
 * that has the address already, else the one that carries the SSH connection, else the one of the
 * only default route. Where nothing is declared, it must be one like Ethernet: a tunnel carries SSH
 * as well, but is nothing to give the address to.
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

  /** A fact whose probe has the shell variable {@code interface}, empty when it cannot be told. */
  <T> Fact<T> fact(String id, String body, Function<String, T> parser) {
    return Fact.sharing(id, find(), body, parser);
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
        command -v ip >/dev/null || exit 1
        # Of the names that it reads, prints those of Ethernet interfaces, each once.
        ethernets() {
          sort -u | while read -r name; do
            name=${name%%@*} type=
            { read -r type <"/sys/class/net/$name/type"; } 2>/dev/null || :
            [ "$type" != 1 ] || printf '%s\\n' "$name"
          done
        }
        holders() { ip -o addr show to "$1" 2>/dev/null | sed -n 's/^[0-9]*: *\\([^ ]*\\) .*/\\1/p' | ethernets; }
        interface=$(holders ADDRESS/32 | head -n 1)
        if [ -z "$interface" ]; then
          case $server in
            '') ;;
            *%*) interface=$(printf '%s\\n' "${server#*%}" | ethernets) ;;
            *) interface=$(holders "$server" | head -n 1) ;;
          esac
        fi
        if [ -z "$interface" ]; then
          interface=$(ip -o -4 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | ethernets)
          case $interface in *[[:space:]]*) interface= ;; esac
        fi
        """
        .replace("ADDRESS", host.address().ip().toString());
  }

  /** The interface itself. */
  Fact<Link> link() {
    return fact(
        "network.interface",
        """
            echo "interface ${interface:--}"
            [ -n "$interface" ] || exit 0
            folder=/sys/class/net/$interface
            echo "mac $(cat "$folder/address")"
            type=$(sed -n 's/^DEVTYPE=//p' "$folder/uevent")
            [ "$(cat "$folder/type")" = 1 ] || type=${type:-not Ethernet}
            echo "type ${type:--}"
            master=-
            [ ! -e "$folder/master" ] || master=$(basename "$(readlink "$folder/master")")
            echo "master $master"
            for upper in "$folder"/upper_*; do
              [ ! -e "$upper" ] || echo "upper ${upper##*/upper_}"
            done
            udevadm info --query=property --path="$folder" 2>/dev/null | sed -n \\
              -e 's/^ID_NET_NAME_ONBOARD=/onboard /p' -e 's/^ID_NET_NAME_SLOT=/slot /p' \\
              -e 's/^ID_NET_NAME_PATH=/path /p' -e 's/^ID_NET_LINK_FILE=/link-file /p'
            """,
        Link::parse);
  }
}
