package org.workr.report;

import java.time.Duration;

/**
 * What became of one change of a plan.
 *
 * @param id {@code capability.subject}, as in {@link org.workr.plan.Change#id()}
 * @param status never {@link Status#UNREACHABLE}
 * @param took zero when nothing was tried
 * @param message why it failed or was skipped, for a person; may have several lines; otherwise
 *     empty or what was done. Never a secret
 */
public record ChangeOutcome(String id, Status status, Duration took, String message) {

  /** Refuses a status that only hosts have. */
  public ChangeOutcome {
    if (status == Status.UNREACHABLE) {
      throw new IllegalArgumentException("a change is skipped when its host is unreachable: " + id);
    }
  }
}
