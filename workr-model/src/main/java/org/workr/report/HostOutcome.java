package org.workr.report;

import java.time.Duration;
import java.util.List;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.Hostname;

/**
 * What became of one host.
 *
 * @param host its declared name
 * @param status what became of it as a whole
 * @param changes in the order of the plan, those that were not tried included; empty when the plan
 *     was empty or could not be made
 * @param problems what its plan found wrong
 * @param took from the first attempt to connect to the end
 * @param message why it failed, was unreachable or was skipped, for a person; may have several
 *     lines, of which the first says it all; otherwise empty. Never a secret
 */
public record HostOutcome(
    Hostname host,
    Status status,
    List<ChangeOutcome> changes,
    List<Diagnostic> problems,
    Duration took,
    String message) {

  /** Copies the lists. */
  public HostOutcome {
    changes = List.copyOf(changes);
    problems = List.copyOf(problems);
  }

  /** How many of the changes ended with {@code status}. */
  public int count(Status status) {
    return (int) changes.stream().filter(change -> change.status() == status).count();
  }

  /** Whether a person has to do something before this host is as declared. */
  public boolean needsAttention() {
    return status == Status.FAILED
        || status == Status.UNREACHABLE
        || problems.stream().anyMatch(Diagnostic::isError);
  }
}
