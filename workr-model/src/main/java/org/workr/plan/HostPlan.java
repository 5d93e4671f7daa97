package org.workr.plan;

import java.util.List;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.Hostname;

/**
 * What would be done to one host.
 *
 * @param host its declared name
 * @param changes in the order in which they happen; empty when it is as declared
 * @param problems what speaks against touching it; while one is an error, nothing is done to it
 */
public record HostPlan(Hostname host, List<Change> changes, List<Diagnostic> problems) {

  /** Copies the lists. */
  public HostPlan {
    changes = List.copyOf(changes);
    problems = List.copyOf(problems);
  }

  /** Whether an error forbids to touch the host. */
  public boolean blocked() {
    return problems.stream().anyMatch(Diagnostic::isError);
  }
}
