package org.workr.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.ProbeScript;
import org.workr.value.Host;
import org.workr.value.SecretName;

/** Reads the facts of a host with one exec. Changes nothing. */
final class Prober {
  /** The controller's clock, seconds since 1970, as a fact that every host has. */
  static final String CONTROLLER_CLOCK = "controller.clock";

  /** The copies of LUKS headers that the controller keeps of a host, one in each line. */
  static final String CONTROLLER_HEADERS = "controller.headers";

  /** The controller's lock of the containers. */
  static final String CONTROLLER_LOCK = "controller.container-lock";

  /** Where a run leaves its name on the host, until the next boot. */
  static final String LAST_RUN = "/run/workr/run";

  private static final Fact<String> RUN = Fact.file("engine.run", LAST_RUN, Remote.NO_RUN);
  private static final Duration LIMIT = Duration.ofMinutes(20);

  /** Characters that all facts of one host may have; they are thousands. */
  private static final long LARGEST = 16 << 20;

  private static final String BUSY = "workr-busy";

  /**
   * Waits for the step that an interrupted run has left behind, so that its half-done work is not
   * taken for facts.
   */
  private static final String AFTER_OTHERS =
      """
      if [ -e /run/workr/lock ]; then
        exec 9</run/workr/lock
        flock -s -n 9 || { echo %s; flock -s -w 900 9 || exit %d; }
      fi
      """
          .formatted(BUSY, RootScript.LOCKED);

  private final Secrets secrets;
  private final HeaderStore headers;
  private final LockFile lock;
  private final Clock clock;
  private final Progress progress;

  Prober(Stores stores, Clock clock, Progress progress) {
    this.secrets = stores.vault();
    this.headers = stores.headers();
    this.lock = stores.lock();
    this.progress = progress;
    this.clock = clock;
  }

  /**
   * Probes {@code facts} on a connected host. Where a probe compares something with a secret, a
   * host that may still be any clone gets a random word instead: what it has is something else. The
   * template's own secrets it is told.
   */
  Facts probe(Remote remote, Collection<Fact<?>> facts) throws HostException {
    Set<Fact<?>> all = new LinkedHashSet<>(facts);
    all.add(RUN);
    ProbeScript script = ProbeScript.of(all, Remote.nonce());
    List<byte[]> inputs = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    List<Instant> began = new ArrayList<>();
    long[] size = {0};
    try {
      for (SecretName name : script.secrets()) {
        inputs.add(
            remote.proven() || name.isCurrent()
                ? SecretLines.ifKnown(secrets, name)
                : Remote.nonce().getBytes(UTF_8));
      }
      remote.asRoot(
          AFTER_OTHERS + script.script(),
          inputs,
          line -> {
            if (line.equals(BUSY)) {
              waiting(remote.host());
              return;
            }
            if (began.isEmpty()) {
              began.add(clock.instant());
            }
            size[0] += line.length();
            if (size[0] <= LARGEST) {
              lines.add(line);
            }
          },
          LIMIT);
    } finally {
      SecretLines.wipe(inputs);
    }
    if (size[0] > LARGEST) {
      throw new HostException(
          "what it says of itself does not end: "
              + size[0]
              + " characters. Look at what its shell prints at login, and at its logs.");
    }
    Map<String, Facts.Section> sections = new HashMap<>(script.parse(lines).sections());
    // When the first line came, since a host may need a while for all probes.
    Instant instant = began.isEmpty() ? clock.instant() : began.get(0);
    sections.put(CONTROLLER_CLOCK, new Facts.Section(0, Long.toString(instant.getEpochSecond())));
    sections.put(CONTROLLER_HEADERS, new Facts.Section(0, copies(remote.host())));
    sections.put(CONTROLLER_LOCK, locked());
    Facts found = new Facts(sections);
    remote.saw(found.get(RUN).orElse(Remote.NO_RUN));
    return found;
  }

  private Facts.Section locked() {
    try {
      return new Facts.Section(0, lock.text());
    } catch (IllegalStateException e) {
      return new Facts.Section(1, "");
    }
  }

  private String copies(Host host) {
    if (!headers.possible()) {
      return "no keystore";
    }
    return headers.stored(host.hostname()).stream()
        .map(copy -> copy.uuid() + " " + copy.id() + " " + copy.since())
        .collect(Collectors.joining("\n"));
  }

  private void waiting(Host host) {
    progress.happened(
        new Event(
            host.hostname(),
            Event.Kind.WAITING,
            "",
            "for a step that an interrupted run left behind"));
  }
}
