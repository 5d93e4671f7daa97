package org.workr.maven;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.plugin.MojoFailureException;
import org.jspecify.annotations.Nullable;
import org.workr.capability.disk.DiskSpec;
import org.workr.capability.disk.Pin;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.Role;

/**
 * The parameters of {@code workr:decommission}, as they are given.
 *
 * @param host the name of one host
 * @param confirm the words that say that it is meant
 */
record DecommissionRequest(@Nullable String host, @Nullable String confirm) {

  /** What is said when it did not succeed. */
  static final String OTHERWISE =
      "The host is not decommissioned; see above. For one that is dead or stolen see 'The end of a"
          + " host' in docs/disk.md.";

  private static final String ERASE = "erase ";
  private static final String ABANDON = "destroy what opens ";

  /** Whether the host is given up: what opens its disks goes, and they stay as they are. */
  boolean abandons() {
    return (ABANDON + (host == null ? "" : host.strip())).equals(confirm);
  }

  /** The name of the host, when all is as it must be. */
  String host(ClusterSpec spec) throws MojoFailureException {
    String name = host == null ? "" : host.strip();
    if (spec.hosts().stream().noneMatch(one -> one.hostname().value().equals(name))) {
      throw new MojoFailureException(
          "workr.decommission: '"
              + name
              + "' is no host of this cluster. Name exactly one, such as -Dworkr.decommission=workr3.");
    }
    if (!(ERASE + name).equals(confirm) && !abandons()) {
      throw new MojoFailureException(
          "workr.confirm: '"
              + (confirm == null ? "" : confirm)
              + "' does not confirm it. Everything on the disks of "
              + name
              + " is lost for ever; if that is meant, add -Dworkr.confirm=\"erase "
              + name
              + "\".");
    }
    if (spec.disk().isEmpty()) {
      throw new MojoFailureException(
          "workr:decommission: the pom declares no <disk> in <cluster>, so workr manages no keys that"
              + " it could erase. Overwrite the disk in another way.");
    }
    needed(spec, name);
    return name;
  }

  /** Without a Tang server, what is bound to it may not start again. */
  private static void needed(ClusterSpec spec, String name) throws MojoFailureException {
    Set<String> servers =
        spec.disk().flatMap(DiskSpec::unlocking).stream()
            .flatMap(policy -> policy.sss().all())
            .filter(Pin.Tang.class::isInstance)
            .map(pin -> ((Pin.Tang) pin).url().host())
            .collect(Collectors.toSet());
    for (Host host : spec.hosts()) {
      if (host.hostname().value().equals(name) && servers.stream().anyMatch(s -> is(s, host))) {
        throw new MojoFailureException(
            "workr:decommission: disks are bound to the Tang server "
                + name
                + ". Take it out of <unlock>, and run workr:provision, which binds them to the others;"
                + " then decommission it.");
      }
    }
  }

  /** Whether a server is called by the address of {@code host}, or by its name. */
  private static boolean is(String server, Host host) {
    return server.equals(host.address().ip().toString())
        || (host.roles().contains(Role.TANG)
            && server.split("\\.", 2)[0].equalsIgnoreCase(host.hostname().value()));
  }
}
