package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.HostPlan;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.value.Host;
import org.workr.value.InvalidValueException;

/** Which hosts are begun, when, and how many at once. */
class RolloutTest {
  private static final int HOSTS = 6;
  private static final List<Host> ALL =
      OnThisMachine.spec("h[1-6]", "10.0.0.[101-106]", "10.0.0.[1-6]/24").hosts();
  private static final Change CHANGE =
      new Change(
          "disk",
          "passphrase",
          Action.UPDATE,
          "old",
          "new",
          Stage.DISK,
          NeedsRestart.NO,
          List.of(Step.shell("true")));

  @TempDir Path folder;
  private final List<String> begun = new CopyOnWriteArrayList<>();

  /** Hosts that are as they are to be. */
  private Set<String> idle = Set.of();

  /** Hosts that do not answer. */
  private Set<String> away = Set.of();

  private Rolling rolling = new Rolling(false, Share.parse("1"), 1);

  private Surveyor.Found found(Host host) {
    String name = host.hostname().value();
    if (away.contains(name)) {
      return new Surveyor.Found(
          host,
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.of(new HostException("no SSH server answered")));
    }
    List<Change> changes = idle.contains(name) ? List.of() : List.of(CHANGE);
    HostPlan plan = new HostPlan(host.hostname(), changes, List.of());
    return new Surveyor.Found(
        host, 0, Optional.empty(), Optional.of(plan), Optional.empty(), Optional.empty());
  }

  private List<String> run(int forks, Function<String, Status> work) {
    return outcomes(
        forks, found -> outcome(found, work.apply(found.host().hostname().value()), "", false));
  }

  /** The outcomes as a name, a status and a message each. */
  private List<String> outcomes(int forks, Function<Surveyor.Found, HostOutcome> work) {
    Function<Surveyor.Found, HostOutcome> noting =
        found -> {
          begun.add(found.host().hostname().value());
          return work.apply(found);
        };
    try (Forks pool = new Forks(forks)) {
      return new Rollout(rolling, HOSTS, pool, noting)
              .run(
                  ALL.stream().map(this::found).toList(),
                  (found, why) -> outcome(found, Status.SKIPPED, why, false))
              .stream()
              .map(one -> (one.host() + " " + one.status().word() + " " + one.message()).strip())
              .toList();
    }
  }

  private HostOutcome outcome(Surveyor.Found found, Status status, String message, boolean goesOn) {
    Status own = found.trouble().isPresent() ? Status.UNREACHABLE : status;
    return new HostOutcome(
        found.host().hostname(), own, List.of(), List.of(), Duration.ZERO, message, goesOn);
  }

  private static Status failing(String name, Set<String> bad) {
    return bad.contains(name) ? Status.FAILED : Status.CHANGED;
  }

  @Test
  void nobodyGoesOnWhenTheFirstHostFailed() {
    idle = Set.of("h1");
    rolling = new Rolling(true, Share.parse("100%"), 5);

    assertThat(run(HOSTS, name -> name.equals("h1") ? Status.OK : failing(name, Set.of("h2"))))
        .startsWith(
            "h1 ok", "h2 failed", "h3 skipped not begun, because h2, which goes first, failed")
        .hasSize(HOSTS);
    assertThat(begun).containsExactly("h1", "h2");
  }

  @Test
  void theFirstHostIsAloneAndThenTheOthersFollow() throws Exception {
    rolling = new Rolling(true, Share.parse("100%"), 1);
    CountDownLatch company = new CountDownLatch(1);
    List<String> before = new ArrayList<>();

    List<String> outcomes =
        run(
            HOSTS,
            name -> {
              if (name.equals("h1")) {
                within(100, company);
                before.addAll(begun);
              } else {
                company.countDown();
              }
              return Status.CHANGED;
            });

    assertThat(before).containsExactly("h1");
    assertThat(outcomes).hasSize(HOSTS).allMatch(outcome -> outcome.endsWith(" changed"));
  }

  @Test
  void asManyAtOnceAsMayBeAwayAndNoMore() throws Exception {
    rolling = new Rolling(false, Share.parse("2"), 1);
    CyclicBarrier two = new CyclicBarrier(2);
    CountDownLatch oneTooMany = new CountDownLatch(1);
    AtomicInteger busy = new AtomicInteger();

    List<String> outcomes =
        run(
            HOSTS,
            name -> {
              if (busy.incrementAndGet() > 2) {
                oneTooMany.countDown();
              }
              meet(two);
              // Time for those to come that should not.
              within(100, oneTooMany);
              busy.decrementAndGet();
              return Status.CHANGED;
            });

    assertThat(oneTooMany.getCount()).as("hosts too many at once").isOne();
    assertThat(outcomes).hasSize(HOSTS).allMatch(outcome -> outcome.endsWith(" changed"));
  }

  @Test
  void notMoreAtOnceThanForks() {
    rolling = new Rolling(false, Share.parse("100%"), 1);
    AtomicInteger busy = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    run(
        1,
        name -> {
          most.accumulateAndGet(busy.incrementAndGet(), Math::max);
          busy.decrementAndGet();
          return Status.CHANGED;
        });

    assertThat(most).hasValue(1);
    assertThat(begun).hasSize(HOSTS);
  }

  @Test
  void theFirstFailureStopsAndWhatIsUnderWayIsFinished() throws Exception {
    rolling = new Rolling(false, Share.parse("2"), 1);
    CyclicBarrier both = new CyclicBarrier(2);
    CountDownLatch over = new CountDownLatch(1);

    List<String> outcomes =
        run(
            HOSTS,
            name -> {
              meet(both);
              if (name.equals("h2")) {
                within(3000, over); // by then the lane of h1 would have begun another one
              }
              return failing(name, Set.of("h1"));
            });

    assertThat(outcomes)
        .startsWith("h1 failed", "h2 changed", "h3 skipped not begun, because h1 failed")
        .hasSize(HOSTS);
    assertThat(begun).containsExactlyInAnyOrder("h1", "h2");
  }

  @Test
  void asManyHostsMayFailAsAreAllowed() {
    rolling = new Rolling(false, Share.parse("1"), 2);

    assertThat(run(HOSTS, name -> failing(name, Set.of("h1", "h3"))))
        .containsExactly(
            "h1 failed",
            "h2 changed",
            "h3 failed",
            "h4 skipped not begun, because h[1,3] failed",
            "h5 skipped not begun, because h[1,3] failed",
            "h6 skipped not begun, because h[1,3] failed");
  }

  @Test
  void hostsWithoutChangesTakeNoPlace() throws Exception {
    idle = Set.of("h2", "h3", "h4");
    CyclicBarrier all = new CyclicBarrier(idle.size());

    List<String> outcomes =
        run(
            HOSTS,
            name -> {
              if (idle.contains(name)) {
                meet(all);
                return Status.OK;
              }
              return failing(name, Set.of("h1"));
            });

    assertThat(outcomes)
        .startsWith(
            "h1 failed", "h2 ok", "h3 ok", "h4 ok", "h5 skipped not begun, because h1 failed");
    assertThat(all.isBroken()).isFalse();
  }

  @Test
  void oneHostThatIsAwayStopsNoOther() {
    away = Set.of("h1");
    assertThat(run(HOSTS, name -> Status.CHANGED))
        .startsWith("h1 unreachable", "h2 changed")
        .endsWith("h6 changed");
  }

  @Test
  void moreHostsThatAreAwayThanMayFailStopAll() {
    away = Set.of("h1", "h6");
    assertThat(run(HOSTS, name -> Status.CHANGED))
        .startsWith("h1 unreachable")
        .endsWith("h6 unreachable")
        .contains(
            "h2 skipped not begun, because 2 hosts are not fit for it, more than workr.maxFailures"
                + " (1): h[1,6]. Mend these, or leave them out by workr.limit");
    assertThat(begun).containsExactlyInAnyOrder("h1", "h6");
  }

  @Test
  void aHostOnWhichWorkGoesOnKeepsItsPlace() {
    rolling = new Rolling(false, Share.parse("2"), 1);
    CountDownLatch second = new CountDownLatch(1);
    Function<Surveyor.Found, HostOutcome> firstEndsLast =
        found -> {
          if (found.host().hostname().value().equals("h1")) {
            awaits(second);
          } else {
            second.countDown();
          }
          return outcome(found, Status.CHANGED, "", true);
        };
    assertThat(outcomes(HOSTS, firstEndsLast))
        .startsWith("h1 changed", "h2 changed")
        .endsWith(
            "h6 skipped not begun yet, because work still goes on by itself on h[1-2], and"
                + " workr.maxUnavailable allows no more at once");
    assertThat(begun).containsExactlyInAnyOrder("h1", "h2");
  }

  @Test
  void theOthersWaitForTheFirstHostUntilItIsDone() {
    rolling = new Rolling(true, Share.parse("2"), 1);
    assertThat(outcomes(HOSTS, found -> outcome(found, Status.CHANGED, "", true)))
        .startsWith("h1 changed")
        .endsWith(
            "h6 skipped not begun yet, because work still goes on by itself on h1, which goes first");
    assertThat(begun).containsExactly("h1");
  }

  @Test
  void theEngineSendsOneHostAheadAndLeavesTheOthersAlone() throws Exception {
    SampleCluster cluster = new SampleCluster(folder, 3).answering(1).answering(2).answering(3);
    Report report;
    try (Workr workr = cluster.workr()) {
      report = workr.rekey(new Rolling(true, Share.parse("100%"), 1));
    }

    assertThat(report.goal()).isEqualTo("rekey");
    assertThat(report.hosts())
        .extracting(HostOutcome::status)
        .containsExactly(Status.FAILED, Status.SKIPPED, Status.SKIPPED);
    assertThat(report.hosts().get(2).changes())
        .extracting(c -> c.status())
        .containsExactly(Status.SKIPPED);
  }

  @ParameterizedTest
  @CsvSource({"25%,5,2", "25%,4,1", "1%,3,1", "100%,7,7", "34%,3,2", "3,100,3", " 2 ,1,2"})
  void aShareOfTheHostsIsRoundedUp(String text, int hosts, int count) {
    assertThat(Share.parse(text).of(hosts)).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0%", "101%", "-1", "2.5", "", "all", "99999999"})
  void aShareThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Share.parse(text))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("'" + text + "' is no share of the hosts");
  }

  private static void within(int milliseconds, CountDownLatch latch) {
    try {
      boolean unused = latch.await(milliseconds, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaits(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException("the others were not begun", e);
    }
  }
}
