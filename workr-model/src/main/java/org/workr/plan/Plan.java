package org.workr.plan;

import java.util.List;

/**
 * What would be done to a cluster: the only input of apply.
 *
 * @param cluster its name
 * @param hosts one plan for each host whose facts are known, in the order of the pom
 */
public record Plan(String cluster, List<HostPlan> hosts) {

  /** Copies the list. */
  public Plan {
    hosts = List.copyOf(hosts);
  }

  /** Whether nothing would be done. */
  public boolean isEmpty() {
    return hosts.stream().allMatch(host -> host.changes().isEmpty());
  }
}
