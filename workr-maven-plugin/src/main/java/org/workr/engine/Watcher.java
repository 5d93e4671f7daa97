package org.workr.engine;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.workr.connection.ConnectionException.Kind;
import org.workr.plan.Step;
import org.workr.value.Host;

/** Watches work that goes on by itself on a host, through restarts and lost connections. */
final class Watcher {
  /** For one look. A host that is busy with its disk may need long for it. */
  private static final Duration LOOK = Duration.ofMinutes(3);

  /** Until a host that was lost has to answer again. */
  private static final Duration RETURN = Duration.ofMinutes(10);

  private final HostFinder finder;
  private final Progress progress;
  private final boolean attach;

  /**
   * @param attach whether the end of the work is waited for
   */
  Watcher(HostFinder finder, Progress progress, boolean attach) {
    this.finder = finder;
    this.progress = progress;
    this.attach = attach;
  }

  /**
   * Watches the work of one step until it is done or, when nobody is to wait for it, until it is
   * known to go on.
   *
   * @param change the id of the change that the step belongs to
   */
  StepRunner.Reached watch(Remote remote, String change, Step.Await step) throws HostException {
    Watch watch = new Watch(remote, change, step);
    try {
      Optional<String> goesOn = Forks.aside(watch::watch);
      return new StepRunner.Reached(watch.remote, goesOn);
    } catch (HostException | RuntimeException e) {
      if (watch.remote != remote) {
        watch.remote.close();
      }
      throw e;
    }
  }

  /**
   * What a look has shown.
   *
   * @param word {@code running}, {@code done} or {@code failed}
   * @param text what the probe said about it
   */
  private record Look(String word, String text) {
    static Optional<Look> of(String line) {
      String[] words = line.strip().split(" ", 2);
      return List.of("running", "done", "failed").contains(words[0])
          ? Optional.of(new Look(words[0], words.length == 2 ? words[1].strip() : ""))
          : Optional.empty();
    }
  }

  private final class Watch {
    private final String change;
    private final Step.Await step;
    private Remote remote;
    private String seen = "";
    private long moved = System.nanoTime();

    Watch(Remote remote, String change, Step.Await step) {
      this.remote = remote;
      this.change = change;
      this.step = step;
    }

    /** What goes on; empty when it is done. */
    Optional<String> watch() throws HostException {
      while (true) {
        Optional<Look> look = look();
        if (look.isPresent()) {
          switch (look.get().word()) {
            case "done" -> {
              return Optional.empty();
            }
            case "failed" -> throw new HostException(step.what() + ": " + look.get().text());
            default -> running(look.get().text());
          }
          if (!attach) {
            return Optional.of(goesOn());
          }
        }
        if (System.nanoTime() - moved > step.stall().toNanos()) {
          throw stalled();
        }
        Pause.of(step.interval());
      }
    }

    private void running(String text) {
      if (!text.equals(seen)) {
        seen = text;
        moved = System.nanoTime();
        tell(Event.Kind.PROGRESS, change, text);
      }
    }

    private String goesOn() {
      return step.what() + " goes on by itself" + (seen.isEmpty() ? "" : " (" + seen + ")");
    }

    /** Looks once; nothing when the probe said nothing, or nobody heard it. */
    private Optional<Look> look() throws HostException {
      First first = new First();
      try {
        // What it cannot say now it may say later, so how it ends tells nothing.
        remote.asRoot("(\n" + step.probe() + "\n) </dev/null || :", List.of(), first::take, LOOK);
      } catch (HostException e) {
        if (first.look == null && !lost(e)) {
          throw e;
        }
        if (lost(e)) {
          again(e);
        }
      }
      return Optional.ofNullable(first.look);
    }

    private void again(HostException trouble) throws HostException {
      long gone = System.nanoTime();
      remote.close();
      tell(Event.Kind.WAITING, "", "to answer again: " + trouble.reason());
      try {
        Remote back = finder.again(remote, RETURN);
        back.succeeds(remote);
        remote = back;
      } catch (HostException e) {
        throw new HostException(
            "the host was lost and did not answer again within "
                + Durations.text(RETURN)
                + ": "
                + e.reason()
                + "\n"
                + goesOn()
                + " there when it is up. Run the goal again when it answers; it goes on from there.");
      }
      // Nobody could see any progress meanwhile.
      moved += System.nanoTime() - gone;
    }

    private HostException stalled() {
      return new HostException(
          "no progress of "
              + step.what()
              + " for "
              + Durations.text(step.stall())
              + (seen.isEmpty() ? "" : "; the last was: " + seen)
              + ". It is not broken off: it still goes on by itself on "
              + remote.host().hostname()
              + ". Look at journalctl and dmesg there, and whether its disk is busy; then run the goal"
              + " again, which goes on from there.");
    }

    private void tell(Event.Kind kind, String subject, String text) {
      Host host = remote.host();
      progress.happened(new Event(host.hostname(), kind, subject, text));
    }
  }

  /** The first line that says something. */
  private static final class First {
    private @Nullable Look look;

    void take(String line) {
      if (look == null) {
        look = Look.of(line).orElse(null);
      }
    }
  }

  /** A busy host may answer late, too. */
  private static boolean lost(HostException e) {
    return e.kind().filter(kind -> kind == Kind.LOST || kind == Kind.TIMED_OUT).isPresent();
  }
}
