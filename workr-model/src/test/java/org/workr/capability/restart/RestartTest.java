package org.workr.capability.restart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.capability.SampleHost.WORKR1;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.diagnostic.Diagnostic;
import org.workr.facts.Facts;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/** What golden cases cannot show: what other capabilities have planned before. */
class RestartTest {

  private static final Facts NOTHING_PENDING =
      new Facts(
          Map.of(
              "restart.pending",
              new Facts.Section(0, ""),
              "restart.distribution",
              new Facts.Section(0, ""),
              "platform.os",
              new Facts.Section(
                  0,
                  "id debian\nversion 12\ncodename bookworm\narchitecture amd64\ninit systemd")));

  @Test
  void comesOnceForAllChangesThatNeedIt() {
    Findings findings =
        plan(
            true,
            change("machine-id", NeedsRestart.YES),
            change("hostname", NeedsRestart.NO),
            change("keys", NeedsRestart.YES));

    assertThat(findings.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.stage()).isEqualTo(Stage.RESTART);
              assertThat(change.before())
                  .isEqualTo("needed for:\nidentity.machine-id\nidentity.keys");
              assertThat(change.steps()).last().isEqualTo(new Step.Reboot(Duration.ofMinutes(7)));
            });
  }

  @Test
  void doesNotComeForChangesThatNeedNone() {
    assertThat(plan(true, change("hostname", NeedsRestart.NO)))
        .isEqualTo(new Findings(List.of(), List.of(), Optional.empty()));
  }

  @Test
  void comesOnlyIfItIsNeededWhereThatShowsLate() {
    Findings findings =
        plan(true, change("hostname", NeedsRestart.NO), change("lists", NeedsRestart.PERHAPS));

    assertThat(findings.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.before()).isEqualTo("perhaps needed for:\nidentity.lists");
              assertThat(change.steps())
                  .last()
                  .isEqualTo(
                      new Step.Reboot(Duration.ofMinutes(7), Optional.of(NeedsRestart.IS_PENDING)));
            });
  }

  @Test
  void comesInAnyCaseWhenAnotherChangeNeedsIt() {
    Findings findings =
        plan(true, change("lists", NeedsRestart.PERHAPS), change("keys", NeedsRestart.YES));

    assertThat(findings.changes())
        .singleElement()
        .satisfies(
            change -> {
              assertThat(change.before()).isEqualTo("needed for:\nidentity.keys");
              assertThat(change.steps()).last().isEqualTo(new Step.Reboot(Duration.ofMinutes(7)));
            });
  }

  @Test
  void isOnlyTalkedAboutAsAPossibilityWhereThatShowsLate() {
    Findings findings = plan(false, change("lists", NeedsRestart.PERHAPS));

    assertThat(findings.changes()).isEmpty();
    assertThat(findings.problems())
        .singleElement()
        .extracting(Diagnostic::summary)
        .isEqualTo("a restart may be needed for identity.lists");
  }

  @Test
  void isOnlyTalkedAboutWhenNotAllowed() {
    Findings findings = plan(false, change("machine-id", NeedsRestart.YES));

    assertThat(findings.changes()).isEmpty();
    assertThat(findings.problems())
        .singleElement()
        .extracting(Diagnostic::summary)
        .isEqualTo("a restart is needed for identity.machine-id");
  }

  private static Findings plan(boolean allowed, Change... earlier) {
    return new Restart()
        .plan(
            new RestartSpec(allowed, Duration.ofMinutes(7)),
            new Situation(WORKR1, NOTHING_PENDING, List.of(earlier)));
  }

  private static Change change(String subject, NeedsRestart restart) {
    return new Change(
        "identity",
        subject,
        Action.UPDATE,
        "a",
        "b",
        Stage.IDENTITY,
        restart,
        List.of(Step.run("true")));
  }
}
