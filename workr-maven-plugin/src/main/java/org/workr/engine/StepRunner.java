package org.workr.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.workr.connection.ConnectionException;
import org.workr.connection.KnownHosts;
import org.workr.connection.Payload;
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

  /** Long enough for the lock. */
  private static final Duration LOCKED = Duration.ofMinutes(16);

  /**
   * One run at a time changes a host; a lost one is waited for until its step has ended. A run that
   * another one has overtaken meanwhile stops: what it planned is no longer true. So does one that
   * has come to another machine: there its name is not.
   */
  private static final String LOCK =
      """
      mkdir -p -m 0700 /run/workr
      exec 9>/run/workr/lock
      flock -w 900 9 || exit %d
      case $(cat %s 2>/dev/null) in SEEN) ;; *) exit %d ;; esac
      echo RUN >%s
      """
          .formatted(RootScript.LOCKED, Prober.LAST_RUN, RootScript.OVERTAKEN, Prober.LAST_RUN);

  private final HostFinder finder;
  private final KnownHosts knownHosts;
  private final Secrets secrets;
  private final Progress progress;
  private final String run = Remote.nonce();

  StepRunner(HostFinder finder, KnownHosts knownHosts, Secrets secrets, Progress progress) {
    this.finder = finder;
    this.knownHosts = knownHosts;
    this.secrets = secrets;
    this.progress = progress;
  }

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
      locked(
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

  private void locked(
      Remote remote, String script, List<byte[]> inputs, Consumer<String> line, Duration limit)
      throws HostException {
    String name = name(remote.host());
    String seen = remote.lastRun().equals(Remote.NO_RUN) ? "''" : remote.lastRun();
    // What is lost on the way may have begun there.
    String lock = LOCK.replace("SEEN", seen + " | " + name).replace("RUN", name);
    remote.asRoot(lock + script, inputs, line, limit);
    remote.saw(name);
  }

  /** The name of this run on a host: another one on each. */
  private String name(Host host) {
    return run + HexFormat.of().formatHex(host.hostname().value().getBytes(UTF_8));
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

  /**
   * Does a step in which the controller takes part.
   *
   * @return the connection to go on with
   */
  Remote onController(Remote remote, Step.OnController step) throws HostException {
    if (step instanceof Step.Reboot reboot) {
      return reboot(remote, reboot);
    }
    if (step instanceof Step.Reconnect reconnect) {
      return reconnect(remote, reconnect);
    }
    if (step instanceof Step.PinHostKeys pin) {
      pinHostKeys(remote, pin);
      return remote;
    }
    provePassword(remote, (Step.ProvePassword) step);
    return remote;
  }

  private Remote reboot(Remote remote, Step.Reboot step) throws HostException {
    if (step.condition().isPresent() && !holds(remote, step.condition().get())) {
      return remote;
    }
    Host host = remote.host();
    String before = bootId(remote);
    // From here on it belongs to no run: another one that has waited must not begin now.
    locked(
        remote,
        "echo restarting >"
            + Prober.LAST_RUN
            + "; sync; systemd-run --quiet --collect --on-active=1 systemctl reboot",
        List.of(),
        line -> {},
        LOCKED);
    remote.close();
    waiting(host, "for the restart, at most " + Durations.text(step.limit()));
    long deadline = System.nanoTime() + step.limit().toNanos();
    while (true) {
      Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
      Remote again;
      try {
        again = finder.again(remote, left);
      } catch (HostException e) {
        throw new HostException(
            "the machine did not come back within "
                + Durations.text(step.limit())
                + " after its restart: "
                + e.reason()
                + "\nLook at its console: it may wait for its passphrase.");
      }
      try {
        if (!bootId(again).equals(before)) {
          return again;
        }
      } catch (HostException e) {
        // It is on its way down: the connection broke before the old boot id was read.
        progress.happened(
            new Event(host.hostname(), Event.Kind.WAITING, "", "for the machine to go down"));
      }
      again.close();
      if (left.isZero()) {
        throw new HostException(
            "the machine did not restart within "
                + Durations.text(step.limit())
                + ". Something may hold it back: run systemd-inhibit --list and systemctl list-jobs"
                + " there.");
      }
      Pause.oneSecond();
    }
  }

  private static boolean holds(Remote remote, String condition) throws HostException {
    List<String> answers = new ArrayList<>();
    String nonce = Remote.nonce();
    remote.asRoot(
        "if ( " + condition + " ); then echo " + nonce + " yes; else echo " + nonce + " no; fi",
        List.of(),
        line -> {
          if (line.startsWith(nonce + " ")) {
            answers.add(line.substring(nonce.length() + 1));
          }
        },
        SHORT);
    if (answers.size() != 1) {
      throw new HostException("whether a restart is needed could not be read");
    }
    return answers.get(0).equals("yes");
  }

  private static String bootId(Remote remote) throws HostException {
    List<String> lines =
        remote.asUser("cat /proc/sys/kernel/random/boot_id", Payload.none(), SHORT);
    if (lines.size() != 1) {
      throw new HostException("the boot id could not be read");
    }
    return lines.get(0);
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
    List<String> lines = new ArrayList<>();
    String nonce = Remote.nonce();
    locked(
        remote,
        "for f in "
            + step.folder()
            + "/*.pub; do printf '%s %s\\n' "
            + nonce
            + " \"$(cat \"$f\")\"; done",
        List.of(),
        line -> {
          if (line.startsWith(nonce + " ")) {
            lines.add(line.substring(nonce.length() + 1));
          }
        },
        LOCKED);
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
