package org.workr.capability.network;

import java.util.List;
import java.util.Optional;
import org.workr.facts.Fact;

/**
 * Which programs that configure networks run, and whether a DHCP client asks for the interface.
 *
 * @param active names of units without their suffix; empty where systemd does not run
 * @param clients DHCP clients that run for the interface as programs of their own
 */
record Services(List<String> active, List<String> clients) {
  private static final List<String> FOREIGN = List.of("dhcpcd", "wickedd", "connman");

  /** Copies the lists. */
  Services {
    active = List.copyOf(active);
    clients = List.copyOf(clients);
  }

  static Fact<Services> fact(InterfaceProbe probe) {
    return probe.fact(
        "network.services",
        """
            if [ -d /run/systemd/system ]; then
              for unit in systemd-networkd NetworkManager networking dhcpcd wickedd connman; do
                ! systemctl is-active --quiet "$unit.service" || echo "active $unit"
              done
            else
              echo 'active -'
            fi
            """
            + DhcpClients.FUNCTION
            + "dhcp_clients | sed 's/^[0-9]* /client /' | sort -u\n",
        text -> {
          KeyedLines lines = KeyedLines.parse(text);
          return new Services(lines.all("active"), lines.all("client"));
        });
  }

  /** A program that workr cannot tell what it wants. */
  Optional<String> foreign() {
    return active.stream().filter(FOREIGN::contains).findFirst();
  }
}
