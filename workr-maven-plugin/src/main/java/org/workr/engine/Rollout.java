package org.workr.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.workr.report.HostOutcome;
import org.workr.value.HostNames;
import org.workr.value.Hostname;

/**
 * Changes hosts a few at a time, and begins no further one when that has gone wrong. A host on
 * which work goes on by itself is still under way: it keeps its place until a later run finds it
 * done.
 */
final class Rollout {
  private final Rolling rolling;
  private final int atOnce;
  private final Forks forks;
  private final Function<Surveyor.Found, HostOutcome> change;

  private final Deque<Surveyor.Found> waiting = new ArrayDeque<>();
  private final Map<Hostname, HostOutcome> outcomes = new HashMap<>();
  private final List<Hostname> failed = new ArrayList<>();
  private final List<Hostname> goingOn = new ArrayList<>();

  /**
   * @param hosts how many the cluster declares
   * @param change makes a host as planned
   */
  Rollout(Rolling rolling, int hosts, Forks forks, Function<Surveyor.Found, HostOutcome> change) {
    this.rolling = rolling;
    this.atOnce = rolling.maxUnavailable().of(hosts);
    this.forks = forks;
    this.change = change;
  }

  /**
   * Changes {@code found}, in that order.
   *
   * @param notBegun the outcome of a host that was not begun, and why
   * @return the outcomes in the order of {@code found}
   */
  List<HostOutcome> run(List<Surveyor.Found> found, NotBegun notBegun) {
    List<Surveyor.Found> others = found.stream().filter(one -> !one.changes()).toList();
    List<HostOutcome> untouched = forks.map(others, change);
    untouched.forEach(outcome -> outcomes.put(outcome.host(), outcome));
    // What an earlier run has begun is under way already, so it comes first and takes its place.
    found.stream()
        .filter(Surveyor.Found::changes)
        .sorted(Comparator.comparing(one -> !one.resumes()))
        .forEach(waiting::add);

    Optional<String> obstacle = unfit(untouched);
    if (obstacle.isEmpty() && rolling.canary() && !waiting.isEmpty()) {
      obstacle = canary();
    }
    if (obstacle.isEmpty()) {
      int lanes = Math.min(atOnce, waiting.size());
      List<Integer> unused = forks.map(IntStream.range(0, lanes).boxed().toList(), this::lane);
      obstacle = Optional.of(stopped(found));
    }
    String why = obstacle.get();
    waiting.forEach(one -> outcomes.put(one.host().hostname(), notBegun.outcome(one, why)));
    return found.stream()
        .map(one -> Optional.ofNullable(outcomes.get(one.host().hostname())).orElseThrow())
        .toList();
  }

  /** What becomes of a host that was not begun. */
  @FunctionalInterface
  interface NotBegun {
    HostOutcome outcome(Surveyor.Found found, String why);
  }

  private Optional<String> unfit(List<HostOutcome> untouched) {
    List<Hostname> unfit =
        untouched.stream().filter(HostOutcome::needsAttention).map(HostOutcome::host).toList();
    return unfit.size() <= rolling.maxFailures()
        ? Optional.empty()
        : Optional.of(
            "not begun, because "
                + unfit.size()
                + " hosts are not fit for it, more than workr.maxFailures ("
                + rolling.maxFailures()
                + "): "
                + HostNames.folded(unfit)
                + ". Mend these, or leave them out by workr.limit");
  }

  private Optional<String> canary() {
    Hostname first = waiting.element().host().hostname();
    forks.map(List.of(waiting.remove()), this::begin);
    if (!failed.isEmpty()) {
      return Optional.of("not begun, because " + first + ", which goes first, failed");
    }
    return goingOn.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "not begun yet, because work still goes on by itself on "
                + first
                + ", which goes first");
  }

  /** Hosts one after the other, until there are no more or none may be begun. */
  private int lane(int number) {
    for (Optional<Surveyor.Found> next = next(); next.isPresent(); next = next()) {
      if (begin(next.get()).goesOn()) {
        break;
      }
    }
    return number;
  }

  private synchronized Optional<Surveyor.Found> next() {
    return failed.size() >= rolling.maxFailures()
        ? Optional.empty()
        : Optional.ofNullable(waiting.poll());
  }

  private HostOutcome begin(Surveyor.Found found) {
    HostOutcome outcome = change.apply(found);
    synchronized (this) {
      outcomes.put(outcome.host(), outcome);
      if (outcome.needsAttention()) {
        failed.add(outcome.host());
      } else if (outcome.goesOn()) {
        goingOn.add(outcome.host());
      }
    }
    return outcome;
  }

  private synchronized String stopped(List<Surveyor.Found> found) {
    return failed.size() >= rolling.maxFailures()
        ? "not begun, because " + inOrder(found, failed) + " failed"
        : "not begun yet, because work still goes on by itself on "
            + inOrder(found, goingOn)
            + ", and workr.maxUnavailable allows no more at once";
  }

  /** Not in the order in which the lanes came to an end, which is another one in every run. */
  private static String inOrder(List<Surveyor.Found> found, List<Hostname> names) {
    return HostNames.folded(
        found.stream().map(one -> one.host().hostname()).filter(names::contains).toList());
  }
}
