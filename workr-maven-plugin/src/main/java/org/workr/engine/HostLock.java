package org.workr.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.workr.value.Host;

/**
 * One run at a time changes a host; a lost one is waited for until its step has ended. A run that
 * another one has overtaken meanwhile stops: what it planned is no longer true. So does one that
 * has come to another machine: there its name is not.
 */
final class HostLock {
  /** Longest wait for the lock, and for a short script that holds it. */
  static final Duration LONGEST = Duration.ofMinutes(16);

  private static final String LOCK =
      """
      mkdir -p -m 0700 /run/workr
      exec 9>/run/workr/lock
      flock -w 900 9 || exit %d
      case $(cat %s 2>/dev/null) in SEEN) ;; '') exit %d ;; *) exit %d ;; esac
      echo RUN >%s
      """
          .formatted(
              RootScript.LOCKED,
              Prober.LAST_RUN,
              RootScript.ANOTHER,
              RootScript.OVERTAKEN,
              Prober.LAST_RUN);

  /** What frees a host from the name of a run, for a script that holds the lock. */
  static final String NOBODYS = "echo restarting >" + Prober.LAST_RUN;

  private final String run = Remote.nonce();

  /**
   * Runs a script as root that holds the lock.
   *
   * @throws HostException as {@link Remote#asRoot}, and when another run was faster
   */
  void run(Remote remote, String script, List<byte[]> inputs, Consumer<String> line, Duration limit)
      throws HostException {
    String name = name(remote.host());
    String seen = remote.lastRun().equals(Remote.NO_RUN) ? "''" : remote.lastRun();
    // What is lost on the way may have begun there.
    String known = seen + " | " + name + (remote.mayHaveRestarted() ? " | ''" : "");
    String lock = LOCK.replace("SEEN", known).replace("RUN", name);
    remote.asRoot(lock + script, inputs, line, limit);
    remote.saw(name);
  }

  /**
   * What a script prints as root that holds the lock, and nothing that is printed beside it.
   *
   * @throws HostException as {@link #run}
   */
  List<String> said(Remote remote, String script) throws HostException {
    String nonce = Remote.nonce();
    List<String> lines = new ArrayList<>();
    run(
        remote,
        "( " + script + "\n) | sed 's/^/" + nonce + " /'",
        List.of(),
        line -> {
          if (line.startsWith(nonce + " ")) {
            lines.add(line.substring(nonce.length() + 1));
          }
        },
        LONGEST);
    return lines;
  }

  /** The name of this run on a host: another one on each. */
  private String name(Host host) {
    return run + HexFormat.of().formatHex(host.hostname().value().getBytes(UTF_8));
  }
}
