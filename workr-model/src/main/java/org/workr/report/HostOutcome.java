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
 * @param message why it failed, was unreachable or was skipped, or what goes on or was left undone,
 *     for a person; may have several lines, of which the first says it all; otherwise empty. Never
 *     a secret
 * @param goesOn whether work goes on there by itself, and the goal has to run again to finish it
 */
public record HostOutcome(
    Hostname host,
    Status status,
    List<ChangeOutcome> changes,
    List<Diagnostic> problems,
    Duration took,
    String message,
    boolean goesOn) {

  /** Copies the lists. */
  public HostOutcome {
    changes = List.copyOf(changes);
    problems = List.copyOf(problems);
    if (goesOn && status != Status.CHANGED) {
      throw new IllegalArgumentException("nothing goes on where nothing was begun: " + host);
    }
  }

  /** A host on which nothing goes on by itself. */
  public HostOutcome(
      Hostname host,
      Status status,
      List<ChangeOutcome> changes,
      List<Diagnostic> problems,
      Duration took,
      String message) {
    this(host, status, changes, problems, took, message, false);
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
