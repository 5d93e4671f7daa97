package org.workr.maven;

import org.apache.maven.plugin.MojoFailureException;
import org.jspecify.annotations.Nullable;
import org.workr.spec.ClusterSpec;

/**
 * The parameters of {@code workr:decommission}, as they are given.
 *
 * @param host the name of one host
 * @param confirm the words that say that it is meant
 */
record DecommissionRequest(@Nullable String host, @Nullable String confirm) {

  /** The name of the host, when all is as it must be. */
  String host(ClusterSpec spec) throws MojoFailureException {
    String name = host == null ? "" : host.strip();
    if (spec.hosts().stream().noneMatch(one -> one.hostname().value().equals(name))) {
      throw new MojoFailureException(
          "workr.decommission: '"
              + name
              + "' is no host of this cluster. Name exactly one, such as -Dworkr.decommission=workr3.");
    }
    if (!("erase " + name).equals(confirm)) {
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
    return name;
  }
}
