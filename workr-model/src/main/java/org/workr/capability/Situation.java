package org.workr.capability;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.plan.Change;
import org.workr.value.Host;

/**
 * What a capability plans from.
 *
 * @param host as declared
 * @param facts as probed
 * @param earlier what the capabilities before it in the list want to change
 */
public record Situation(Host host, Facts facts, List<Change> earlier) {

  /** Copies the list. */
  public Situation {
    earlier = List.copyOf(earlier);
  }

  /** What is known of {@code fact}. */
  public <T> Reading<T> get(Fact<T> fact) {
    return facts.get(fact);
  }

  /**
   * The value of a fact without which nothing can be planned. When it is unknown, that becomes a
   * problem in {@code findings}, and the answer is empty.
   */
  public <T> Optional<T> require(Fact<T> fact, Findings.Builder findings) {
    Reading<T> reading = get(fact);
    if (reading instanceof Reading.Known<T> known) {
      return Optional.of(known.value());
    }
    findings.error(
        "'" + fact.id() + "' could not be read: " + ((Reading.Unknown<T>) reading).reason(),
        "Nothing that depends on it is changed. Look at the machine, mend what keeps it from"
            + " answering, and run the goal again.");
    return Optional.empty();
  }

  /** A collector for this host. */
  public Findings.Builder findings(String capability) {
    return new Findings.Builder(capability, host.hostname(), new ArrayList<>(), new ArrayList<>());
  }
}
