package org.workr.capability.identity;

import java.util.List;
import java.util.Optional;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.value.DomainName;

/**
 * What makes a clone a machine of its own.
 *
 * @param domain DNS domain of the hosts
 * @param hostKeyTypes the kinds of SSH host keys that each host gets
 */
@Doc(
    "What makes each clone a machine of its own: host name, machine-id, SSH host keys. A machine that"
        + " is given another name is taken for a clone, so it gets all of them anew; give it its new"
        + " name in `known_hosts` too.")
public record IdentitySpec(
    @Doc(
            value = "DNS domain that makes the host names fully qualified in `/etc/hosts`.",
            example = "cluster.example.org",
            otherwise = "host names stand alone")
        Optional<DomainName> domain,
    @Doc(
            value = "The kinds of SSH host keys that each host gets; others are removed.",
            defaultValue = "ed25519,rsa,ecdsa")
        List<HostKeyType> hostKeyTypes)
    implements Checked {

  /** Copies the list. */
  public IdentitySpec {
    hostKeyTypes = hostKeyTypes.stream().distinct().toList();
  }

  @Override
  public void check(Problems problems) {
    if (problems.usable("hostKeyTypes") && hostKeyTypes.isEmpty()) {
      problems.error(
          "hostKeyTypes",
          "no kind of host key is left, and without one the SSH server does not start",
          "Name at least one of ed25519, rsa and ecdsa, or leave the element out.");
    }
  }
}
