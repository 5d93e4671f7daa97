package org.workr.value;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One machine as the cluster declares it, ranges expanded and defaults filled in: everything that
 * every capability may want to know of it.
 *
 * @param cluster name of the cluster, first part of the names of its secrets
 * @param hostname its name when provisioned
 * @param roles what it does
 * @param user the account that workr logs in as
 * @param port TCP port of sshd, before and after provisioning
 * @param bootstrap where the clone answers before provisioning; empty when it is at its final
 *     address already
 * @param address its final, static address
 * @param networkInterface the interface that gets the address; empty means the one that carries the
 *     SSH connection
 * @param templateKeys fingerprints of the template's host keys: trusted until the host has its own
 * @param slots R processes it runs at once
 * @param threads BLAS and OpenMP threads of each R process
 */
public record Host(
    String cluster,
    Hostname hostname,
    Set<Role> roles,
    String user,
    int port,
    Optional<Ipv4> bootstrap,
    InterfaceAddress address,
    Optional<String> networkInterface,
    List<Fingerprint> templateKeys,
    int slots,
    int threads) {

  /** Copies the collections. */
  public Host {
    roles = Set.copyOf(roles);
    templateKeys = List.copyOf(templateKeys);
  }

  /** The name of this host's secret {@code what}. */
  public SecretName secret(String what) {
    return SecretName.ofHost(cluster, hostname, what);
  }
}
