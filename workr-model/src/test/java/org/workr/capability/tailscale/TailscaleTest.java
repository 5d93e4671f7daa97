package org.workr.capability.tailscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.capability.SampleHost.WORKR1;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Facts;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/** What golden cases cannot show: what other capabilities have planned before. */
class TailscaleTest {

  @Test
  void joinsAnewWhenTheTemplatesNodeIsTakenAway() {
    String joined = "package installed\nbackend Running\nenabled yes\njoined no options";

    assertThat(plan(joined).changes()).isEmpty();
    assertThat(plan(joined, change("identity", "tailscale", Step.run("rm", "-rf", "/x"))).changes())
        .extracting(Change::id)
        .containsExactly("tailscale.tailnet");
  }

  @Test
  void leavesTheInstallationToTheRepositoryThatBringsIt() {
    Step install = new Step.InstallPackages(List.of("nano", "tailscale"), Duration.ofMinutes(1));

    Findings alone = plan("package absent");
    Findings after = plan("package absent", change("packages", "install", install));

    assertThat(alone.problems()).hasSize(1);
    assertThat(alone.changes()).extracting(Change::subject).containsExactly("package", "tailnet");
    assertThat(after.problems()).isEmpty();
    assertThat(after.changes()).extracting(Change::subject).containsExactly("tailnet");
  }

  private static Findings plan(String state, Change... earlier) {
    Facts facts =
        new Facts(
            Map.of(
                "tailscale.state",
                new Facts.Section(0, state),
                "platform.os",
                new Facts.Section(
                    0,
                    "id debian\nversion 12\ncodename bookworm\narchitecture amd64\ninit systemd")));
    return new Tailscale()
        .plan(
            new TailscaleSpec(Optional.empty(), List.of()),
            new Situation(WORKR1, facts, List.of(earlier)));
  }

  private static Change change(String capability, String subject, Step step) {
    return new Change(
        capability, subject, Action.UPDATE, "", "", Stage.SYSTEM, NeedsRestart.NO, List.of(step));
  }
}
