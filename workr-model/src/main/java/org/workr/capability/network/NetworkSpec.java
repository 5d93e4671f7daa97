package org.workr.capability.network;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.workr.binding.Doc;
import org.workr.binding.Range;
import org.workr.value.DomainName;
import org.workr.value.InterfaceName;
import org.workr.value.Ipv4;

/**
 * The static network configuration that all hosts share.
 *
 * @param networkInterface the interface that gets the address
 * @param gateway where packets to other networks go
 * @param nameservers DNS servers
 * @param searchDomains domains in which short names are looked up
 * @param rollbackAfter how long after a change the host waits for the controller before it goes
 *     back
 * @param initramfs whether the address also holds while the disk is unlocked
 */
@Doc("The static network configuration that all hosts share.")
public record NetworkSpec(
    @Doc(
            element = "interface",
            value = "The network interface that gets the address.",
            example = "enp1s0",
            otherwise = "the one that carries the SSH connection")
        Optional<InterfaceName> networkInterface,
    @Doc(
            value = "The router to other networks. It must be on the hosts' own network.",
            example = "192.168.0.1",
            otherwise = "hosts reach their own network only")
        Optional<Ipv4> gateway,
    @Doc(
            value = "DNS servers, in the order in which they are asked.",
            example = "192.168.1.1",
            otherwise = "hosts look up no names")
        List<Ipv4> nameservers,
    @Doc(
            value = "Domains in which names without a full stop are looked up.",
            example = "cluster.example.org",
            otherwise = "none")
        List<DomainName> searchDomains,
    @Doc(
            value =
                "How long after a network change a host waits for the controller to confirm it before"
                    + " it puts the old configuration back.",
            defaultValue = "135s")
        @Range(min = "60s", max = "170s")
        Duration rollbackAfter,
    @Doc(
            value =
                "Whether the initramfs gets the static address too, which Tang servers need when the"
                    + " network has no DHCP.",
            defaultValue = "true")
        boolean initramfs) {

  /** Copies the lists. */
  public NetworkSpec {
    nameservers = List.copyOf(nameservers);
    searchDomains = List.copyOf(searchDomains);
  }
}
