package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.workr.binding.Binder;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Endpoint;
import org.workr.plan.HostPlan;
import org.workr.report.HostOutcome;
import org.workr.report.Recap;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** What is destroyed on the controller, and when it is not. */
class EndingTest {
  private static final ClusterSpec SPEC = spec();
  private static final Host H1 = SPEC.hosts().get(0);

  @TempDir Path folder;
  private final Kept kept = new Kept(name -> Optional.empty());
  private final Ending ending = new Ending(SPEC, kept, kept);

  @Test
  void nothingIsLeftOfAHostThatIsErased() {
    HostOutcome erased = outcome(Status.CHANGED);
    assertThat(ending.afterErasing(H1, erased)).isEqualTo(erased);
    assertThatAllIsDestroyed();
  }

  @Test
  void allIsKeptOfAHostThatIsNotErased() {
    for (Status status : List.of(Status.FAILED, Status.UNREACHABLE, Status.SKIPPED)) {
      HostOutcome other = outcome(status);
      assertThat(ending.afterErasing(H1, other)).isEqualTo(other);
    }
    assertThat(kept.changes).isEmpty();
  }

  @Test
  void whatCouldNotBeDestroyedIsSaid() {
    kept.failing("one cannot be destroyed");
    HostOutcome erased = ending.afterErasing(H1, outcome(Status.CHANGED));
    assertThat(erased.status()).isEqualTo(Status.FAILED);
    assertThat(erased.message())
        .isEqualTo("its disks are erased, but on the controller: one cannot be destroyed");
    HostOutcome abandoned =
        ending.abandon(found(Optional.of(silence(Kind.UNREACHABLE))), outcome(Status.UNREACHABLE));
    assertThat(abandoned.status()).isEqualTo(Status.FAILED);
    assertThat(abandoned.message()).isEqualTo("one cannot be destroyed");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"UNREACHABLE", "TIMED_OUT"})
  void aHostThatDoesNotAnswerIsGivenUp(Kind kind) {
    HostException trouble = HostException.all(List.of(silence(kind), silence(Kind.UNREACHABLE)));
    HostOutcome outcome = ending.abandon(found(Optional.of(trouble)), outcome(Status.UNREACHABLE));

    assertThatAllIsDestroyed();
    assertThat(outcome.status()).isEqualTo(Status.CHANGED);
    Report report = new Report("c", "decommission", Instant.EPOCH, Duration.ZERO, List.of(outcome));
    assertThat(report.successful()).isTrue();
    assertThat(Recap.conclusion(report))
        .startsWith("h1: its disks are NOT erased")
        .contains("not those that you gave elsewhere", "wherever it reaches the Tang servers")
        .doesNotContain("nothing opens them");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatAnswersInAnyWayKeepsEverything(Kind kind) {
    HostException trouble =
        HostException.all(List.of(silence(Kind.TIMED_OUT), trouble(kind).with("One more.")));
    HostOutcome outcome = ending.abandon(found(Optional.of(trouble)), outcome(Status.UNREACHABLE));
    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .startsWith("something may answer at its addresses, so nothing was");
    assertThat(kept.changes).isEmpty();
  }

  @Test
  void hostsOfWhichNothingIsKnownKeepEverything() {
    assertThat(
            ending
                .abandon(
                    found(Optional.of(new HostException("the probe failed"))),
                    outcome(Status.FAILED))
                .status())
        .isEqualTo(Status.FAILED);
    HostOutcome other = outcome(Status.SKIPPED);
    assertThat(ending.abandon(found(Optional.empty()), other)).isEqualTo(other);
    assertThat(kept.changes).isEmpty();
  }

  @Test
  void aHostThatAnswersKeepsEverything() {
    Surveyor.Found found =
        new Surveyor.Found(
            H1,
            0,
            Optional.empty(),
            Optional.of(new HostPlan(H1.hostname(), List.of(), List.of())),
            Optional.empty(),
            Optional.empty());
    HostOutcome outcome = ending.abandon(found, outcome(Status.OK));
    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .isEqualTo(
            "it answers, so nothing was destroyed. Erase its disks too:"
                + " -Dworkr.confirm=\"erase h1\".");
    assertThat(kept.changes).isEmpty();
  }

  @Test
  void theEngineLooksForThemFirst() throws Exception {
    SampleCluster cluster = new SampleCluster(folder, 2).answering(1);
    try (Workr workr = cluster.workr()) {
      assertThat(workr.abandon().hosts())
          .extracting(HostOutcome::status)
          .containsExactly(Status.FAILED, Status.CHANGED);
    }
  }

  private void assertThatAllIsDestroyed() {
    assertThat(kept.changes)
        .contains(
            "destroy all of h1",
            "forget c.h1.luks.pending",
            "forget c.h1.luks.current",
            "forget c.h1.luks")
        .noneMatch(change -> change.contains("h2"));
  }

  private static HostOutcome outcome(Status status) {
    return new HostOutcome(H1.hostname(), status, List.of(), List.of(), Duration.ZERO, "");
  }

  private static Surveyor.Found found(Optional<HostException> trouble) {
    return new Surveyor.Found(H1, 0, Optional.empty(), Optional.empty(), Optional.empty(), trouble);
  }

  private static HostException trouble(Kind kind) {
    Endpoint endpoint = new Endpoint(H1.hostname(), "10.0.0.1", 22, "u", List.of());
    return HostException.of(new ConnectionException(kind, endpoint, "what", "What to do.", null));
  }

  private static HostException silence(Kind kind) {
    Endpoint endpoint = new Endpoint(H1.hostname(), "10.0.0.1", 22, "u", List.of());
    return HostException.of(
        ConnectionException.silence(kind, endpoint, "what", "What to do.", new IOException()));
  }

  private static ClusterSpec spec() {
    var bound =
        Binder.bind(
            tree(
                "cluster",
                text("name", "c"),
                tree("ssh", text("user", "u"), text("hostKey", OnThisMachine.TEMPLATE.value())),
                tree("disk"),
                tree(
                    "workers",
                    tree(
                        "worker", text("hostname", "h[1-2]"), text("address", "10.0.0.[1-2]/24")))),
            ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }
}
