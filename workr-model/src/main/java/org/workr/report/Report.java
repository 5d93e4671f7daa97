package org.workr.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What one run of a goal did: the end of the one way through.
 *
 * @param cluster its name
 * @param goal the goal's name without prefix, for example {@code provision}
 * @param started when the run began
 * @param took how long it was
 * @param hosts in the order of the pom, those that were left out included
 */
public record Report(
    String cluster, String goal, Instant started, Duration took, List<HostOutcome> hosts) {

  /** Copies the list. */
  public Report {
    hosts = List.copyOf(hosts);
  }

  /** How many hosts ended in each status; every status is a key. */
  public Map<Status, Integer> counts() {
    Map<Status, Integer> counts = new EnumMap<>(Status.class);
    for (Status status : Status.values()) {
      counts.put(status, 0);
    }
    hosts.forEach(host -> counts.merge(host.status(), 1, Integer::sum));
    return Collections.unmodifiableMap(counts);
  }

  /** Whether no host failed, was unreachable or has a problem that is an error. */
  public boolean successful() {
    return hosts.stream().noneMatch(HostOutcome::needsAttention);
  }

  /** The hosts about which a person has to do something. */
  public List<HostOutcome> needingAttention() {
    return hosts.stream().filter(HostOutcome::needsAttention).toList();
  }
}
