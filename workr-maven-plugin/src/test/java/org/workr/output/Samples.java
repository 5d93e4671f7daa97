package org.workr.output;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.workr.diagnostic.Diagnostic;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.value.Hostname;

/** Reports with everything in them that can be. */
final class Samples {
  static final String NASTY = "<b>&amp; \"q\" 'a' ]]> \u001b[31m\u0000 caf\u00e9 {{name}}\nsecond";

  private Samples() {}

  static Report report() {
    return new Report(
        "stats",
        "provision",
        Instant.parse("2026-11-21T10:00:00Z"),
        Duration.ofMillis(252_400),
        List.of(
            host(
                "workr1",
                Status.CHANGED,
                "",
                List.of(Diagnostic.warning("workr1", "'noble' is new", "Look at it.")),
                change("network.address", Status.CHANGED, 21_400, "dhcp -> 192.168.64.1/16"),
                change("identity.hostname", Status.CHANGED, 300, "template -> workr1"),
                change("packages.docker-ce", Status.CHANGED, 98_000, "create"),
                change("accounts.password", Status.CHANGED, 1_200, "")),
            host(
                "workr2",
                Status.FAILED,
                "packages.docker-ce: " + NASTY,
                List.of(),
                change("network.address", Status.CHANGED, 20_900, "dhcp -> 192.168.64.2/16"),
                change("packages.docker-ce", Status.FAILED, 61_000, NASTY),
                change("accounts.password", Status.SKIPPED, 0, "something before it failed")),
            host("workr3", Status.UNREACHABLE, "no SSH server answered\nat 10.0.0.3", List.of()),
            host(
                "workr4",
                Status.FAILED,
                "",
                List.of(Diagnostic.error("workr4", "'/dev/sda3' is not there", "Mend " + NASTY))),
            host("workr5", Status.OK, "", List.of()),
            host("workr6", Status.SKIPPED, "left out by workr.limit", List.of())));
  }

  /** A host that was left while work goes on there by itself. */
  static Report goingOn() {
    String what = "the re-encryption goes on by itself (12 %)";
    return new Report(
        "stats",
        "rekey",
        Instant.parse("2026-11-21T10:00:00Z"),
        Duration.ofSeconds(4),
        List.of(
            new HostOutcome(
                new Hostname("workr1"),
                Status.CHANGED,
                List.of(
                    change("disk.volume-key", Status.CHANGED, 3_000, what),
                    change("disk.binding", Status.SKIPPED, 0, "after disk.volume-key")),
                List.of(),
                Duration.ofSeconds(4),
                what + "; run the goal again to finish",
                true)));
  }

  private static HostOutcome host(
      String name,
      Status status,
      String message,
      List<Diagnostic> problems,
      ChangeOutcome... changes) {
    return new HostOutcome(
        new Hostname(name),
        status,
        List.of(changes),
        problems,
        Duration.ofMillis(status == Status.SKIPPED ? 0 : 121_500),
        message);
  }

  private static ChangeOutcome change(String id, Status status, long millis, String message) {
    return new ChangeOutcome(id, status, Duration.ofMillis(millis), message);
  }
}
