package org.workr.capability;

import java.util.List;
import java.util.Optional;
import org.workr.diagnostic.Diagnostic;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Hostname;

/**
 * What a capability wants for one host.
 *
 * @param changes in the order in which they must happen within their stage
 * @param problems what it found wrong
 * @param alone why no other capability may change anything on the host before these changes are
 *     made; empty when others may
 */
public record Findings(
    List<Change> changes, List<Diagnostic> problems, Optional<Diagnostic> alone) {

  /** Copies the lists. */
  public Findings {
    changes = List.copyOf(changes);
    problems = List.copyOf(problems);
  }

  /** Collects findings in order. */
  public static final class Builder {
    private final String capability;
    private final Hostname host;
    private final List<Change> changes;
    private final List<Diagnostic> problems;
    private Optional<Diagnostic> alone = Optional.empty();

    Builder(String capability, Hostname host, List<Change> changes, List<Diagnostic> problems) {
      this.capability = capability;
      this.host = host;
      this.changes = changes;
      this.problems = problems;
    }

    /** Adds a change that is complete when its steps are done. */
    public Builder change(
        Stage stage, Action action, String subject, String before, String after, Step... steps) {
      return add(stage, action, subject, before, after, NeedsRestart.NO, steps);
    }

    /** Adds a change that takes full effect with the next boot. */
    public Builder changeWithRestart(
        Stage stage, Action action, String subject, String before, String after, Step... steps) {
      return add(stage, action, subject, before, after, NeedsRestart.YES, steps);
    }

    /** Adds a change that comes after a restart, which is done for it. */
    public Builder changeAfterRestart(
        Stage stage, Action action, String subject, String before, String after, Step... steps) {
      return add(stage, action, subject, before, after, NeedsRestart.AFTER, steps);
    }

    /**
     * Adds a change of which it shows only while it is made whether it takes effect with the next
     * boot. Its steps must leave the {@linkplain NeedsRestart#noting note} where the distribution
     * leaves none.
     */
    public Builder changePerhapsWithRestart(
        Stage stage, Action action, String subject, String before, String after, Step... steps) {
      return add(stage, action, subject, before, after, NeedsRestart.PERHAPS, steps);
    }

    private Builder add(
        Stage stage,
        Action action,
        String subject,
        String before,
        String after,
        NeedsRestart restart,
        Step... steps) {
      changes.add(
          new Change(capability, subject, action, before, after, stage, restart, List.of(steps)));
      return this;
    }

    /** Adds what forbids to touch the host. */
    public Builder error(String summary, String hint) {
      problems.add(Diagnostic.error(host.value(), summary, hint));
      return this;
    }

    /** Adds what a person should know. */
    public Builder warning(String summary, String hint) {
      problems.add(Diagnostic.warning(host.value(), summary, hint));
      return this;
    }

    /** Keeps all other capabilities from changing the host before these changes are made. */
    public Builder alone(String summary, String hint) {
      alone = Optional.of(Diagnostic.warning(host.value(), summary, hint));
      return this;
    }

    /** The changes so far. */
    public List<Change> changes() {
      return List.copyOf(changes);
    }

    /** What was collected. */
    public Findings build() {
      return new Findings(changes, problems, alone);
    }
  }
}
