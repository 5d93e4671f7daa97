package org.workr.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.workr.connection.Payload;
import org.workr.plan.Step;
import org.workr.value.Host;

/** Restarts a host, and believes that it has only when it shows another boot id. */
final class Restarter {
  private static final Duration SHORT = Duration.ofSeconds(60);

  private final HostFinder finder;
  private final HostLock lock;
  private final Progress progress;
  private final TangRestarts servers = new TangRestarts();

  Restarter(HostFinder finder, HostLock lock, Progress progress) {
    this.finder = finder;
    this.lock = lock;
    this.progress = progress;
  }

  /**
   * Restarts the host, where the step's condition holds.
   *
   * @return the connection to go on with
   */
  Remote restart(Remote remote, Step.Reboot step) throws HostException {
    if (step.condition().isPresent() && !holds(remote, step.condition().get())) {
      return remote;
    }
    return servers.inTurn(
        remote.host(),
        () -> waiting(remote.host(), "for the restart of another Tang server"),
        () -> restarted(remote, step));
  }

  private Remote restarted(Remote remote, Step.Reboot step) throws HostException {
    Host host = remote.host();
    String before = bootId(remote);
    // Another run that has waited must not begin now.
    lock.run(
        remote,
        HostLock.NOBODYS + "; sync; systemd-run --quiet --collect --on-active=1 systemctl reboot",
        List.of(),
        line -> {},
        HostLock.LONGEST);
    remote.close();
    waiting(host, "for the restart, at most " + Durations.text(step.limit()));
    return Forks.aside(() -> back(remote, before, step));
  }

  private Remote back(Remote remote, String before, Step.Reboot step) throws HostException {
    Host host = remote.host();
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
        waiting(host, "for the machine to go down");
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

  private void waiting(Host host, String forWhat) {
    progress.happened(new Event(host.hostname(), Event.Kind.WAITING, "", forWhat));
  }
}
