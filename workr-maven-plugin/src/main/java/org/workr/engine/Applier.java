package org.workr.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.Step;
import org.workr.report.ChangeOutcome;
import org.workr.report.Status;

/**
 * Does what the plan of one host says, step by step, and nothing else. Consecutive steps on the
 * host become one script.
 */
final class Applier {
  private final StepRunner runner;
  private final Progress progress;

  Applier(StepRunner runner, Progress progress) {
    this.runner = runner;
    this.progress = progress;
  }

  /** One step of a plan, and where it stands in it. */
  record Place(Change change, int change0, int step0, Step step) {
    boolean first() {
      return step0 == 0;
    }

    boolean last() {
      return step0 == change.steps().size() - 1;
    }
  }

  /**
   * What became of the changes, and the connection as it is now.
   *
   * @param failure what failed and why; empty when nothing did
   * @param goesOn what goes on by itself on the host, so that what comes after it was not begun;
   *     empty when nothing does
   */
  record Applied(
      Remote remote, List<ChangeOutcome> outcomes, String failure, Optional<String> goesOn) {}

  /** Applies {@code plan}, whose changes are all due, to a connected host. */
  Applied apply(Remote remote, HostPlan plan) {
    HostRun run = new HostRun(remote, plan);
    run.all();
    return new Applied(run.remote, run.outcomes(), run.failure, run.goesOn);
  }

  /** The run of one host: which change is under way, since when, and why it ended. */
  private final class HostRun {
    private final HostPlan plan;
    private final List<ChangeOutcome> done = new ArrayList<>();
    private Remote remote;
    private String failure = "";
    private Optional<String> goesOn = Optional.empty();
    private long begun;

    HostRun(Remote remote, HostPlan plan) {
      this.remote = remote;
      this.plan = plan;
    }

    void all() {
      List<Place> places = places();
      int next = 0;
      while (next < places.size() && failure.isEmpty() && goesOn.isEmpty()) {
        int end = next;
        while (end < places.size() && places.get(end).step() instanceof Step.OnHost) {
          end++;
        }
        try {
          if (end > next) {
            runner.onHost(remote, places.subList(next, end), this::stepBegun, this::stepEnded);
          } else {
            Place place = places.get(end++);
            stepBegun(place);
            StepRunner.Reached reached = runner.onController(remote, place);
            remote = reached.remote();
            reached.goesOn().ifPresentOrElse(what -> left(place, what), () -> stepEnded(place));
          }
        } catch (HostException e) {
          failed(e.reason());
        } catch (RuntimeException e) {
          failed(HostException.unexpected(e).reason());
        }
        next = end;
      }
    }

    private List<Place> places() {
      List<Place> places = new ArrayList<>();
      for (int c = 0; c < plan.changes().size(); c++) {
        Change change = plan.changes().get(c);
        for (int s = 0; s < change.steps().size(); s++) {
          places.add(new Place(change, c, s, change.steps().get(s)));
        }
      }
      return places;
    }

    private void stepBegun(Place place) {
      if (place.first()) {
        begun = System.nanoTime();
        tell(Event.Kind.CHANGE_BEGUN, place, shown(place.change()));
      }
      tell(Event.Kind.STEP_BEGUN, place, Integer.toString(place.step0() + 1));
    }

    private void stepEnded(Place place) {
      tell(Event.Kind.STEP_ENDED, place, Integer.toString(place.step0() + 1));
      if (place.last()) {
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        done.add(
            new ChangeOutcome(place.change().id(), Status.CHANGED, took, shown(place.change())));
        tell(Event.Kind.CHANGE_DONE, place, Durations.text(took));
      }
    }

    private void left(Place place, String what) {
      goesOn = Optional.of(what);
      Duration took = Duration.ofNanos(System.nanoTime() - begun);
      done.add(new ChangeOutcome(place.change().id(), Status.CHANGED, took, what));
    }

    private void failed(String why) {
      if (done.size() == plan.changes().size()) {
        failure = why; // the last step had ended well, and then the connection broke
        return;
      }
      Change change = plan.changes().get(done.size());
      failure = change.id() + ": " + why;
      Duration took = begun == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - begun);
      done.add(new ChangeOutcome(change.id(), Status.FAILED, took, why));
      progress.happened(new Event(plan.host(), Event.Kind.CHANGE_FAILED, change.id(), why));
    }

    private void tell(Event.Kind kind, Place place, String text) {
      progress.happened(new Event(plan.host(), kind, place.change().id(), text));
    }

    List<ChangeOutcome> outcomes() {
      List<ChangeOutcome> outcomes = new ArrayList<>(done);
      String why =
          goesOn.isPresent()
              ? "after " + done.get(done.size() - 1).id() + ", which goes on by itself"
              : "something before it failed";
      for (Change change : plan.changes().subList(done.size(), plan.changes().size())) {
        outcomes.add(new ChangeOutcome(change.id(), Status.SKIPPED, Duration.ZERO, why));
      }
      return List.copyOf(outcomes);
    }
  }

  private static String shown(Change change) {
    if (change.before().lines().count() > 1 || change.after().lines().count() > 1) {
      return change.action().name().toLowerCase(Locale.ROOT);
    }
    return change.before().isEmpty()
        ? change.after()
        : change.before() + " -> " + (change.after().isEmpty() ? "nothing" : change.after());
  }
}
