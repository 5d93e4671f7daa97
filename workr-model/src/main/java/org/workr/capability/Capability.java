package org.workr.capability;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.value.Host;

/**
 * One thing that workr can do to a host. Both methods are pure functions of their arguments.
 *
 * <p>The contract that golden cases hold: when everything that {@link #plan} proposes has been
 * done, the facts are such that it proposes nothing.
 *
 * @param <S> what the pom says about it
 */
public interface Capability<S> {

  /** Its name: the package, the element of the pom, and the first part of the ids of its facts. */
  String name();

  /** What must be known of a host before anything can be planned. */
  Set<Fact<?>> facts(S spec, Host host);

  /** How the host stands, for a person; nothing when there is nothing to tell. */
  default List<StatusLine> status(S spec, Situation situation) {
    return List.of();
  }

  /**
   * How all hosts stand together, for a person.
   *
   * @param hosts all that are declared, with the facts of those that could be probed
   */
  default List<StatusLine> status(S spec, Map<Host, Optional<Facts>> hosts) {
    return List.of();
  }

  /** What has to change for the host to be as declared, and what speaks against it. */
  Findings plan(S spec, Situation situation);
}
