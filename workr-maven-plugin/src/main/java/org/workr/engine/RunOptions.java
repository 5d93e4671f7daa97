package org.workr.engine;

import java.time.Duration;
import java.util.Set;
import org.workr.value.Hostname;

/**
 * How a run goes about its work.
 *
 * @param limit the hosts to work on; empty means all
 * @param forks how many hosts at once, at least 1
 * @param patience how long to wait for hosts that do not answer, zero for one attempt
 * @param attach whether work that goes on by itself on a host is waited for
 */
public record RunOptions(Set<Hostname> limit, int forks, Duration patience, boolean attach) {

  /** Copies the set. */
  public RunOptions {
    limit = Set.copyOf(limit);
    if (forks < 1) {
      throw new IllegalArgumentException("forks must be at least 1, not " + forks);
    }
  }

  /** Whether {@code host} is worked on. */
  public boolean includes(Hostname host) {
    return limit.isEmpty() || limit.contains(host);
  }
}
