package org.workr.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.Hostname;

class RecapTest {

  @Test
  void tableShowsEveryHostWithItsCountsAndTheReason() {
    Report report =
        report(
            host("workr1", Status.CHANGED, "", List.of(), Status.OK, Status.CHANGED),
            host(
                "workr10",
                Status.FAILED,
                "packages.clevis: exit status 100\nE: Unable to locate package",
                List.of(),
                Status.CHANGED,
                Status.FAILED,
                Status.SKIPPED),
            host("workr2", Status.UNREACHABLE, "no SSH server answered", List.of()));

    assertThat(Recap.text(report))
        .isEqualTo(
            """
            host     status       ok  changed  failed  skipped    time  reason
            workr1   changed       1        1       0        0  1m 12s
            workr10  failed        0        1       1        1  1m 12s  packages.clevis: exit status 100
            workr2   unreachable   0        0       0        0  1m 12s  no SSH server answered

            2 of 3 hosts need attention: workr[10,2]. Mend what is said above, then run the same\
             goal again: it goes on from where each host stands. To leave the other hosts alone: mvn\
             workr:provision "-Dworkr.limit=workr[10,2]"
            """);
  }

  @Test
  void aHostWithAnErrorInItsPlanNeedsAttentionThoughNothingFailed() {
    Report report =
        report(
            host(
                "workr1",
                Status.SKIPPED,
                "its plan has problems",
                List.of(
                    Diagnostic.warning("workr1", "'x' is odd", "Look at it."),
                    Diagnostic.error("workr1", "'y' is wrong", "Mend it."))));

    assertThat(report.successful()).isFalse();
    assertThat(Recap.text(report))
        .contains(
            """

            warning  workr1: 'x' is odd. Look at it.
            error    workr1: 'y' is wrong. Mend it.

            1 of 1 host needs attention: workr1.\
            """);
  }

  @Test
  void whatManyHostsHaveIsSaidOnce() {
    List<HostOutcome> hosts = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      String name = "workr" + i;
      List<Diagnostic> problems = new ArrayList<>();
      problems.add(Diagnostic.warning(name, "'x' is odd", "Look at it."));
      if (i != 3) {
        problems.add(Diagnostic.warning(name, "'y' is odd too", "Look at it."));
      }
      hosts.add(host(name, Status.OK, "", problems));
    }
    assertThat(Recap.text(report(hosts.toArray(HostOutcome[]::new))))
        .endsWith(
            """

            warning  workr[1-4]: 'x' is odd. Look at it.
            warning  workr[1-2,4]: 'y' is odd too. Look at it.

            All 4 hosts are as declared, nothing had to change.
            """);
  }

  @Test
  void successSaysWhetherAnythingChanged() {
    HostOutcome ok = host("workr1", Status.OK, "", List.of());
    HostOutcome changed = host("workr2", Status.CHANGED, "", List.of(), Status.CHANGED);
    HostOutcome left = host("workr3", Status.SKIPPED, "not in workr.limit", List.of());

    assertThat(Recap.conclusion(report(ok)))
        .isEqualTo("The host is as declared, nothing had to change.");
    assertThat(Recap.conclusion(report(ok, changed)))
        .isEqualTo("All 2 hosts are as declared, after changes on 1.");
    assertThat(Recap.conclusion(report(ok, left)))
        .isEqualTo("The host is as declared, nothing had to change. Left out: 1 host.");
    assertThat(Recap.conclusion(report(left)))
        .isEqualTo("No host was looked at. Left out: 1 host.");
    assertThat(report(ok, changed, left).successful()).isTrue();
  }

  @Test
  void successOfContainersIsThatOfTheContainers() {
    HostOutcome ok = host("workr1", Status.OK, "", List.of());
    HostOutcome changed = host("workr2", Status.CHANGED, "", List.of(), Status.CHANGED);

    assertThat(Recap.conclusion(of("deploy-container", ok, changed)))
        .isEqualTo("All 2 containers are as declared and locked, after changes on 1.");
    assertThat(Recap.conclusion(of("deploy-container", ok)))
        .isEqualTo("The container of the host is as declared and locked, nothing had to change.");
    assertThat(Recap.conclusion(of("reap", ok, changed)))
        .isEqualTo("All 2 hosts have no R process that is left behind, after changes on 1.");
  }

  @Test
  void successOfFreshKeysIsThatOfTheKeys() {
    HostOutcome ok = host("workr1", Status.OK, "", List.of());
    HostOutcome changed = host("workr2", Status.CHANGED, "", List.of(), Status.CHANGED);

    assertThat(Recap.conclusion(rekey(ok)))
        .isEqualTo("The keys of the host are as young as they were to be, nothing had to change.");
    assertThat(Recap.conclusion(rekey(ok, changed)))
        .isEqualTo("The keys of all 2 hosts are as young as they were to be, after changes on 1.");
  }

  @Test
  void workThatGoesOnIsNoSuccessYet() {
    HostOutcome left = host("workr4", Status.SKIPPED, "not begun yet", List.of());
    Report report =
        rekey(host("workr1", Status.OK, "", List.of()), goingOn("workr2"), goingOn("workr3"), left);

    assertThat(Recap.conclusion(report))
        .isEqualTo(
            "Work goes on by itself on workr[2-3]. Run the same goal again to finish it: mvn"
                + " workr:rekey. Left out: 1 host.");
    assertThat(Recap.text(report)).contains("it goes on by itself (12 %)");
    assertThat(report.successful()).isTrue();
  }

  @Test
  void nothingGoesOnWhereNothingWasBegun() {
    assertThatThrownBy(
            () ->
                new HostOutcome(
                    new Hostname("workr1"),
                    Status.OK,
                    List.of(),
                    List.of(),
                    Duration.ZERO,
                    "",
                    true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("workr1");
  }

  @Test
  void aWarningIsNoFailure() {
    assertThat(
            report(
                    host(
                        "workr1",
                        Status.OK,
                        "",
                        List.of(Diagnostic.warning("workr1", "'x' is odd", "Look."))))
                .successful())
        .isTrue();
  }

  @Test
  void nothingButPrintableAsciiComesOut() {
    Report report =
        report(host("workr1", Status.FAILED, "caf\u00e9 \u001b[31mred\u0007\tx", List.of()));

    assertThat(Recap.text(report)).contains("caf? ?[31mred? x").matches("[\\n\\x20-\\x7e]*");
  }

  @Test
  void countsHaveEveryStatus() {
    assertThat(report(host("workr1", Status.OK, "", List.of())).counts())
        .containsOnlyKeys(Status.values())
        .containsEntry(Status.OK, 1)
        .containsEntry(Status.FAILED, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.0s",
    "49,0.0s",
    "50,0.1s",
    "9949,9.9s",
    "9950,10s",
    "59499,59s",
    "59500,1m 00s",
    "72000,1m 12s",
    "3599499,59m 59s",
    "3599500,1h 00m",
    "7500000,2h 05m"
  })
  void timesAreShort(long millis, String text) {
    assertThat(Recap.time(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @Test
  void aChangeCannotBeUnreachable() {
    assertThatThrownBy(() -> new ChangeOutcome("a.b", Status.UNREACHABLE, Duration.ZERO, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a.b");
  }

  private static Report report(HostOutcome... hosts) {
    return new Report(
        "stats",
        "provision",
        Instant.parse("2026-11-21T10:00:00Z"),
        Duration.ofSeconds(80),
        List.of(hosts));
  }

  private static Report rekey(HostOutcome... hosts) {
    return of("rekey", hosts);
  }

  private static Report of(String goal, HostOutcome... hosts) {
    return new Report("stats", goal, Instant.EPOCH, Duration.ZERO, List.of(hosts));
  }

  private static HostOutcome goingOn(String name) {
    return new HostOutcome(
        new Hostname(name),
        Status.CHANGED,
        List.of(),
        List.of(),
        Duration.ZERO,
        "it goes on by itself (12 %)",
        true);
  }

  private static HostOutcome host(
      String name, Status status, String message, List<Diagnostic> problems, Status... changes) {
    List<ChangeOutcome> outcomes = new ArrayList<>();
    for (Status change : changes) {
      outcomes.add(
          new ChangeOutcome("packages.p" + outcomes.size(), change, Duration.ofSeconds(1), ""));
    }
    return new HostOutcome(
        new Hostname(name), status, outcomes, problems, Duration.ofSeconds(72), message);
  }
}
