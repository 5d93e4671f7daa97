package org.workr.engine;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.workr.connection.ConnectionException;
import org.workr.connection.KnownHosts;
import org.workr.connection.SecretPayload;
import org.workr.plan.SecretInput;
import org.workr.plan.Step;
import org.workr.plan.StepScript;
import org.workr.value.Host;
import org.workr.value.SshPublicKey;

/** Runs steps on a connected host. */
final class StepRunner {
  private static final Duration SCRIPT_LIMIT = Duration.ofMinutes(60);
  private static final Duration SHORT = Duration.ofSeconds(60);

  private final HostFinder finder;
  private final KnownHosts knownHosts;
  private final Secrets secrets;
  private final Progress progress;
  private final HostLock lock = new HostLock();
  private final Restarter restarter;
  private final Watcher watcher;
  private final Keeper keeper;
  private final ImageCopy copy;

  /**
   * @param hosts all that are declared
   * @param attach whether work that goes on by itself on a host is waited for
   */
  StepRunner(
      List<Host> hosts,
      HostFinder finder,
      KnownHosts knownHosts,
      Stores stores,
      Progress progress,
      boolean attach) {
    this.finder = finder;
    this.knownHosts = knownHosts;
    this.secrets = stores.vault();
    this.progress = progress;
    restarter = new Restarter(finder, lock, progress);
    watcher = new Watcher(finder, progress, attach);
    keeper = new Keeper(stores, lock);
    copy = new ImageCopy(hosts, finder, lock);
  }

  /**
   * Where a step has led.
   *
   * @param remote the connection to go on with
   * @param goesOn what goes on by itself on the host, so that nothing more is done there now; empty
   *     when the step is done
   */
  record Reached(Remote remote, Optional<String> goesOn) {}

  /**
   * Runs steps of a host as one script.
   *
   * @throws HostException when a step fails or the connection is lost; the steps after it have not
   *     been begun, and {@code ended} has been told of each that ended well
   */
  void onHost(
      Remote remote,
      List<Applier.Place> places,
      Consumer<Applier.Place> begun,
      Consumer<Applier.Place> ended)
      throws HostException {
    StepScript script =
        new StepScript(
            places.stream().map(place -> (Step.OnHost) place.step()).toList(), Remote.nonce());
    List<byte[]> inputs = new ArrayList<>();
    Deque<String> printed = new ArrayDeque<>();
    int[] failed = {-1, 0};
    int[] good = {0};
    if (!script.inputs().isEmpty() && !remote.proven()) {
      throw new HostException(
          "it has proven no host key but the template's, which every clone has, so no secret is sent"
              + " to it");
    }
    try {
      for (SecretInput input : script.inputs()) {
        inputs.add(SecretLines.of(secrets, input));
      }
      lock.run(
          remote,
          script.script(),
          inputs,
          line -> {
            Optional<StepScript.Event> event = script.parse(line);
            if (event.isEmpty()) {
              return;
            }
            Applier.Place place = places.get(event.get().step());
            if (event.get() instanceof StepScript.Begun) {
              begun.accept(place);
            } else if (event.get() instanceof StepScript.Printed text) {
              printed.add(text.line());
            } else if (event.get() instanceof StepScript.Ended end && end.status() != 0) {
              failed[0] = end.step();
              failed[1] = end.status();
            } else {
              good[0]++;
              ended.accept(place);
            }
          },
          SCRIPT_LIMIT);
    } finally {
      SecretLines.wipe(inputs);
    }
    if (failed[0] >= 0) {
      throw new HostException(failure(places.get(failed[0]).step(), failed[1], printed));
    }
    if (good[0] < places.size()) {
      throw new HostException(
          "the script ended before '" + StepNames.of(places.get(good[0]).step()) + "' was done");
    }
  }

  /** What a failed step printed last says most, so it comes first. */
  private static String failure(Step step, int status, Deque<String> printed) {
    String where = StepNames.of(step) + " ended with status " + status;
    String last = printed.isEmpty() ? "" : printed.removeLast().strip();
    if (last.isEmpty()) {
      return where;
    }
    return last
        + "\n("
        + where
        + (printed.isEmpty() ? ")" : "; it printed before:)\n" + String.join("\n", printed));
  }

  /** Does a step in which the controller takes part. */
  Reached onController(Remote remote, Applier.Place place) throws HostException {
    return place.step() instanceof Step.Await await
        ? watcher.watch(remote, place.change().id(), await)
        : new Reached(done(remote, (Step.OnController) place.step()), Optional.empty());
  }

  /** The connection to go on with when {@code step} is done. */
  private Remote done(Remote remote, Step.OnController step) throws HostException {
    if (step instanceof Step.Reboot reboot) {
      return restarter.restart(remote, reboot);
    }
    if (step instanceof Step.Reconnect reconnect) {
      return reconnect(remote, reconnect);
    }
    if (step instanceof Step.PinHostKeys pin) {
      pinHostKeys(remote, pin);
      return remote;
    }
    if (step instanceof Step.CopyImage image) {
      copy.copy(remote, image);
      return remote;
    }
    if (!keeper.does(remote, step)) {
      provePassword(remote, (Step.ProvePassword) step);
    }
    return remote;
  }

  private Remote reconnect(Remote remote, Step.Reconnect step) throws HostException {
    Host host = remote.host();
    remote.close();
    boolean elsewhere = step.where() == Step.Reconnect.Where.FINAL_ADDRESS;
    waiting(host, "to answer" + (elsewhere ? " at " + host.address().ip() : " again"));
    try {
      Remote back =
          switch (step.where()) {
            case AS_BEFORE -> finder.again(remote, step.limit());
            case FINAL_ADDRESS -> finder.againAtFinalAddress(remote, step.limit());
            case NEW_HOST_KEYS -> finder.withNewKeys(remote, step.limit());
          };
      back.saw(remote.lastRun());
      return back;
    } catch (HostException e) {
      String where = step.rollback().isZero() ? "" : "\n" + afterRollback(remote, step);
      throw new HostException(e.reason() + "\n" + step.otherwise() + where);
    }
  }

  private String afterRollback(Remote remote, Step.Reconnect step) {
    waiting(remote.host(), "to put its old network configuration back");
    try (Remote back = finder.again(remote, step.rollback())) {
      return "It is back at " + back.address() + ".";
    } catch (HostException e) {
      return "It did not come back within "
          + Durations.text(step.rollback())
          + ": look at its console. "
          + e.reason();
    }
  }

  private void pinHostKeys(Remote remote, Step.PinHostKeys step) throws HostException {
    List<String> lines =
        lock.said(remote, "for f in " + step.folder() + "/*.pub; do cat \"$f\"; done");
    List<SshPublicKey> keys;
    try {
      keys = lines.stream().map(SshPublicKey::parse).toList();
    } catch (IllegalArgumentException e) {
      throw new HostException("a new host key could not be read: " + e.getMessage());
    }
    if (keys.isEmpty()) {
      throw new HostException("there are no new host keys in " + step.folder());
    }
    try {
      knownHosts.addPending(remote.host(), keys);
    } catch (UncheckedIOException e) {
      throw HostException.unexpected(e);
    }
  }

  private void provePassword(Remote remote, Step.ProvePassword step) throws HostException {
    Host host = remote.host();
    List<byte[]> lines = new ArrayList<>();
    try (Remote fresh = finder.again(remote, SHORT)) {
      lines.add(SecretLines.plain(secrets, step.password()));
      SecretPayload stdin = new SecretPayload().secret(lines.get(0)).text("\n");
      fresh.asUser(PasswordProof.COMMAND, stdin, SHORT);
    } catch (HostException e) {
      if (e.kind().filter(ConnectionException.Kind.UNREACHABLE::equals).isPresent()) {
        throw e;
      }
      throw new HostException(
          "the new password of "
              + host.user()
              + " was set and does not work in a new session: "
              + e.reason()
              + "\nThe keys still do. Run the goal again; it proves the password again.");
    } finally {
      SecretLines.wipe(lines);
    }
  }

  private void waiting(Host host, String forWhat) {
    progress.happened(new Event(host.hostname(), Event.Kind.WAITING, "", forWhat));
  }
}
