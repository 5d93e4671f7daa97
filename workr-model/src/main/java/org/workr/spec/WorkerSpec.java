package org.workr.spec;

import java.util.List;
import java.util.Optional;
import org.workr.binding.Doc;
import org.workr.binding.Range;
import org.workr.value.AddressRange;
import org.workr.value.Fingerprint;
import org.workr.value.HostnameRange;
import org.workr.value.InterfaceName;
import org.workr.value.Ipv4Range;
import org.workr.value.Role;

/**
 * One host, or several that differ only in a range of names and addresses.
 *
 * @param hostname its name
 * @param bootstrap where the clone answers before provisioning
 * @param address its final, static address
 * @param networkInterface the interface that gets the address
 * @param slots R processes it runs at once
 * @param threads BLAS and OpenMP threads of each
 * @param roles what it does
 * @param hostKey fingerprints of its template's host keys
 * @param port TCP port of its sshd
 */
@Doc(
    "One host, or several that differ only in their names and addresses. `hostname`, `bootstrap` and"
        + " `address` may be ranges of the same length: `workr[1-5]`, `workr[01-12]`,"
        + " `192.168.64.[1-3,7]/16`.")
public record WorkerSpec(
    @Doc(value = "Its host name, in lower case, without a domain.", example = "workr[1-5]")
        HostnameRange hostname,
    @Doc(
            value = "The IPv4 address at which the clone answers before it is provisioned.",
            example = "192.168.1.[101-105]",
            otherwise = "it answers at its final address")
        Optional<Ipv4Range> bootstrap,
    @Doc(
            value = "Its final, static IPv4 address with the length of the network's prefix.",
            example = "192.168.64.[1-5]/16")
        AddressRange address,
    @Doc(
            element = "interface",
            value = "The network interface that gets the address.",
            example = "enp1s0",
            otherwise = "the one that `<network>` says")
        Optional<InterfaceName> networkInterface,
    @Doc(value = "How many R processes it runs at once.", defaultValue = "1")
        @Range(min = "1", max = "1024")
        int slots,
    @Doc(value = "BLAS and OpenMP threads of each R process.", defaultValue = "1")
        @Range(min = "1", max = "1024")
        int threads,
    @Doc(
            value = "What it does: `worker`, `head`, `login` or `tang`.",
            defaultValue = "worker",
            item = "role")
        List<Role> roles,
    @Doc(
            value = "Fingerprints of its template's SSH host keys.",
            example = "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE",
            otherwise = "those under `<ssh>`")
        List<Fingerprint> hostKey,
    @Doc(value = "TCP port of its SSH server.", example = "22", otherwise = "the one under `<ssh>`")
        @Range(min = "1", max = "65535")
        Optional<Integer> port) {

  /** Copies the lists. */
  public WorkerSpec {
    roles = List.copyOf(roles);
    hostKey = List.copyOf(hostKey);
  }

  /**
   * How many hosts it stands for.
   *
   * @throws IllegalStateException when its ranges differ in length
   */
  public int count() {
    int count = hostname.names().size();
    boolean same =
        address.addresses().size() == count
            && bootstrap.map(b -> b.addresses().size() == count).orElse(true);
    if (!same) {
      throw new IllegalStateException("The ranges of " + hostname + " differ in length");
    }
    return count;
  }
}
