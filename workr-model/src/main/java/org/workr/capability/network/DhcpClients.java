package org.workr.capability.network;

/** Shell text that finds DHCP clients which are programs of their own. */
final class DhcpClients {
  /**
   * A function that prints PID and name of each that asks for an IPv4 address of {@code
   * $interface}. Those of containers are seen in /proc too, and have interfaces of the same names;
   * IPv6 is not workr's. A program may end while one looks at it.
   */
  static final String FUNCTION =
      """
      dhcp_clients() {
        for comm in $(grep -lxE 'dhclient|udhcpc|dhcpcd' /proc/[0-9]*/comm 2>/dev/null); do
          folder=${comm%/comm}
          [ "$(readlink "$folder/ns/net")" = "$(readlink /proc/self/ns/net)" ] || continue
          words=$({ tr '\\0' ' ' <"$folder/cmdline"; } 2>/dev/null | tr ' ' '\\n')
          printf '%s\\n' "$words" | grep -qxF -e "$interface" || continue
          printf '%s\\n' "$words" | grep -qxF -e '[ip4]' ||
            ! printf '%s\\n' "$words" | grep -qxF -e -6 -e '[ip6]' || continue
          name=$(cat "$comm" 2>/dev/null) || continue
          echo "${folder#/proc/} $name"
        done
      }
      """;

  private DhcpClients() {}
}
