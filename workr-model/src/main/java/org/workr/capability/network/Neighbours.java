package org.workr.capability.network;

import java.util.Optional;
import org.workr.facts.Fact;
import org.workr.render.Shell;
import org.workr.value.Ipv4;

/**
 * Who answers on the wire, as far as it had to be asked.
 *
 * @param holder MAC of another machine that has the wanted address
 * @param gatewaySilent whether the gateway was asked for and did not answer
 */
record Neighbours(Optional<String> holder, boolean gatewaySilent) {

  /**
   * Nobody is asked about an address that the host has, nor about a gateway that it uses: on a host
   * that is as declared, this sends nothing.
   */
  static Fact<Neighbours> fact(InterfaceProbe probe, Optional<Ipv4> gateway) {
    String ip = probe.host().address().ip().toString();
    return probe.fact(
        "network.neighbours",
        """
            [ -n "$interface" ] || exit 0
            address=IP
            gateway=GATEWAY
            mine=$(ip -o -4 addr show dev "$interface" scope global |
              sed -n '1s/^.* inet \\([0-9.]*\\).*$/\\1/p')
            set --
            if [ -n "$(ip -o -4 addr show to "$address/32")" ]; then
              echo 'address own'
              if [ -z "$gateway" ] ||
                  [ -n "$(ip -4 route show default via "$gateway" dev "$interface")" ]; then
                echo 'gateway used'
                exit 0
              fi
            else
              set -- "$address" 0.0.0.0
            fi
            [ -z "$gateway" ] || set -- "$@" "$gateway" 0.0.0.0 "$gateway" "${mine:-0.0.0.0}"
            answers=$(perl -e PROGRAM -- "$interface" 1 "$@") || exit 1
            answer() { printf '%s\\n' "$answers" | sed -n "s/^$1 //p" | head -n 1; }
            [ "${1-}" != "$address" ] || echo "address $(answer "$address")"
            if [ -n "$gateway" ]; then echo "gateway $(answer "$gateway")"; else echo 'gateway none'; fi
            """
            .replace("IP", ip)
            .replace("GATEWAY", gateway.map(Ipv4::toString).orElse(""))
            .replace("PROGRAM", Shell.quote(Arp.PERL)),
        Neighbours::parse);
  }

  private static Neighbours parse(String text) {
    KeyedLines lines = KeyedLines.parse(text);
    if (lines.values().get("address") == null || lines.values().get("gateway") == null) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new Neighbours(
        lines.first("address").filter(address -> !address.equals("own")),
        lines.first("gateway").isEmpty());
  }
}
