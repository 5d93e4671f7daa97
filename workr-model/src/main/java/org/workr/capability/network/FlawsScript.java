package org.workr.capability.network;

/** The part of {@link DeadmanScript} that looks whether the network is as wanted. */
final class FlawsScript {
  static final String TEXT =
      """
      # --- looking -------------------------------------------------------------------------------------

      # Prints what is wrong with the network as it is; says nothing when it is as wanted. An address
      # with a lifetime, which a DHCP client gave, is marked with "~".
      flaws() {
        present=no
        for held in $(ip -o -4 addr show dev "$interface" scope global | sed -n \\
          -e 's/^.* inet \\([0-9./]*\\) .* dynamic .*$/\\1~/p;t' -e 's/^.* inet \\([0-9./]*\\) .*$/\\1/p'); do
          case $held in
            "$address") present=yes ;;
            "$address~")
              present=yes
              echo "$interface has the address $address by DHCP"
              ;;
            */32) ;;
            *) echo "$interface still has the address ${held%'~'}" ;;
          esac
        done
        [ "$present" = yes ] || echo "$interface does not have the address $address"
        [ -z "$(dhcp_clients)" ] || echo "a DHCP client still asks for addresses of $interface"
        [ -n "$gateway" ] || return 0
        [ -n "$(ip -4 route show default via "$gateway" dev "$interface")" ] ||
          echo "there is no default route through $gateway on $interface"
        [ "$(ip -o -4 route show default dev "$interface" | wc -l)" -le 1 ] ||
          echo "there is more than one default route on $interface"
        arp "$interface" 1 "$gateway" "${address%/*}" 2>&1 | grep -q "^$gateway ..:" ||
          echo "the gateway $gateway does not answer on $interface"
      }

      # Waits up to $1 seconds until nothing is wrong; prints what still is.
      wait_until_good() {
        left=$1
        while wrong=$(flaws) && [ -n "$wrong" ] && [ "$left" -gt 0 ]; do
          sleep 1
          left=$((left - 1))
        done
        printf '%s' "$wrong" | sed '2,$s/^/; /' | tr -d '\\n'
      }

      """;

  private FlawsScript() {}
}
