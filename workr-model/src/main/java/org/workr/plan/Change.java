package org.workr.plan;

import java.util.List;

/**
 * One unit of work on a host.
 *
 * @param capability name of the capability that wants it
 * @param subject what is changed, unique within the host and capability, for example {@code
 *     hostname}
 * @param action what happens to it
 * @param before how it is now, for a person; may have several lines; empty when there is nothing
 * @param after how it will be, in the same form as {@code before}
 * @param stage when it happens
 * @param restart whether it takes full effect only with the next boot
 * @param steps how it is done
 */
public record Change(
    String capability,
    String subject,
    Action action,
    String before,
    String after,
    Stage stage,
    NeedsRestart restart,
    List<Step> steps) {

  /** Copies the list. */
  public Change {
    steps = List.copyOf(steps);
    if (steps.isEmpty()) {
      throw new IllegalArgumentException("a change without steps: " + capability + " " + subject);
    }
  }

  /** {@code capability.subject}, as it is called in reports. */
  public String id() {
    return capability + "." + subject;
  }
}
