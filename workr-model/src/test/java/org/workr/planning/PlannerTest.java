package org.workr.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.diagnostic.Diagnostic;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** How the wishes of several capabilities become one plan. */
class PlannerTest {

  @Test
  void changesAreInTheOrderOfTheirStages() throws IOException {
    assertThat(
            ids(
                plan(
                    List.of(
                        wishing("one", Stage.RESTART, false), wishing("two", Stage.DISK, false)))))
        .containsExactly("two.thing", "one.thing");
  }

  @Test
  void whatMustBeDoneAloneWaitsForNothingAndNothingIsDoneBesides() throws IOException {
    HostPlan plan =
        plan(
            List.of(
                wishing("before", Stage.NETWORK, false),
                wishing("alone", Stage.DISK, true),
                wishing("after", Stage.RESTART, false)));
    assertThat(ids(plan)).containsExactly("alone.thing");
    assertThat(plan.problems()).extracting(Diagnostic::summary).containsExactly("alone goes first");
    assertThat(plan.blocked()).isFalse();
  }

  @Test
  void whereNothingElseIsWantedNothingIsSaidOfIt() throws IOException {
    assertThat(plan(List.of(wishing("alone", Stage.DISK, true))).problems()).isEmpty();
  }

  /** An interrupted re-encryption on a clone of which everything else is still to be done. */
  @Test
  void aReencryptionUnderWayIsFinishedBeforeAnythingElseIsChanged() throws IOException {
    GoldenCase golden =
        GoldenCase.of(GoldenCase.ROOT.resolve("disk/interrupted-reencryption-runs"));
    ClusterSpec spec = golden.spec();
    Host host = spec.hosts().get(0);
    Capabilities.Use<?> disk =
        Capabilities.ALL.stream()
            .filter(use -> use.capability().name().equals("disk"))
            .findFirst()
            .orElseThrow();
    Capabilities.Use<?> packages =
        Capabilities.always(wishing("packages", Stage.SYSTEM, false), all -> "");
    HostPlan plan =
        new Planner(List.of(packages, disk)).plan(spec, host, new Facts(golden.before()));
    assertThat(ids(plan)).containsExactly("disk.volume-key", "disk.header-copy");
    assertThat(plan.problems())
        .extracting(Diagnostic::summary)
        .contains("nothing but its disks is changed before their re-encryption has ended");
  }

  private static List<String> ids(HostPlan plan) {
    return plan.changes().stream().map(Change::id).toList();
  }

  private static HostPlan plan(List<Capability<String>> capabilities) throws IOException {
    ClusterSpec spec = GoldenCase.of(GoldenCase.ROOT.resolve("disk/provisioned")).spec();
    return new Planner(
            capabilities.stream()
                .<Capabilities.Use<?>>map(one -> Capabilities.always(one, all -> ""))
                .toList())
        .plan(spec, spec.hosts().get(0), new Facts(Map.of()));
  }

  /** A capability with one change. */
  private static Capability<String> wishing(String name, Stage stage, boolean alone) {
    return new Capability<>() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Set<Fact<?>> facts(String spec, Host host) {
        return Set.of();
      }

      @Override
      public Findings plan(String spec, Situation situation) {
        Findings.Builder out =
            situation
                .findings(name)
                .change(stage, Action.UPDATE, "thing", "", "done", Step.shell("true"));
        return (alone ? out.alone(name + " goes first", "Wait.") : out).build();
      }
    };
  }
}
