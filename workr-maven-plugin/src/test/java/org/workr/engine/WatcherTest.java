package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.FakeHost;
import org.workr.connection.RecordingConnector;
import org.workr.plan.Step;
import org.workr.report.ChangeOutcome;
import org.workr.report.HostOutcome;
import org.workr.report.Status;

/** Work that goes on by itself on a host, whose probe says what a test wrote into a file. */
@Timeout(60)
class WatcherTest extends OnThisMachine {
  private static final String WORK = "the re-encryption of /dev/vda3";
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Disturbance LOST =
      () -> {
        throw new FakeHost.Broken(Kind.LOST);
      };

  /** What the probe answers, a line each time; the last one for ever. */
  private Step.Await await(Duration stall, String... answers) throws IOException {
    Path file = Files.write(folder.resolve("answers"), List.of(answers));
    String probe =
        "echo Warning; cd %s; head -n 1 answers; [ $(wc -l <answers) = 1 ] || sed -i 1d answers"
            .formatted(file.getParent());
    return new Step.Await(WORK, probe, Duration.ofMillis(1), stall);
  }

  private HostOutcome run(Step... steps) {
    return provision(steps).hosts().get(0);
  }

  private List<String> told(Event.Kind kind) {
    return events.stream()
        .filter(event -> event.kind() == kind)
        .map(event -> (event.subject() + " " + event.text()).strip())
        .toList();
  }

  @Test
  void waitsUntilItIsDoneAndTellsEachProgressOnce() throws IOException {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome =
        run(await(LONG, "running 1 %", "running 1 %", "running 2 %", "done"), greeting()[1]);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(outcome.goesOn()).isFalse();
    assertThat(told(Event.Kind.PROGRESS)).containsExactly("test.greeting 1 %", "test.greeting 2 %");
  }

  @Test
  void looksAgainWhenTheProbeSaysNothing() throws IOException {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = run(await(LONG, "", "runningout", "done"), greeting()[1]);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(told(Event.Kind.PROGRESS)).isEmpty();
  }

  @Test
  void goesOnAfterALostConnection() throws IOException {
    connector.host(BOOTSTRAP, disturbed(5, LOST)); // the second look

    HostOutcome outcome =
        run(Step.shell("true"), await(LONG, "running 1 %", "running 2 %", "done"), greeting()[1]);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(told(Event.Kind.PROGRESS)).containsExactly("test.greeting 1 %", "test.greeting 2 %");
    assertThat(told(Event.Kind.WAITING))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("to answer again");
    assertThat(connector.openConnections()).isZero();
  }

  @Test
  void goesOnAfterARestartOfTheHost() throws IOException {
    connector.host(
        BOOTSTRAP,
        disturbed(
            5,
            () -> {
              Files.delete(runDirectory.resolve("run"));
              LOST.happen();
            }));

    HostOutcome outcome =
        run(Step.shell("true"), await(LONG, "running 1 %", "done"), greeting()[1]);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
  }

  @Test
  void goesOnWhereAnEarlierRunBeganTheWork() throws IOException {
    Files.writeString(runDirectory.resolve("run"), "wearlier\n");
    connector.host(BOOTSTRAP, disturbed(4, LOST));

    HostOutcome outcome = run(await(LONG, "running 1 %", "done"), greeting()[1]);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
  }

  @Test
  void doesNotGoOnWhereAnotherRunWentOnMeanwhile() throws IOException {
    connector.host(
        BOOTSTRAP,
        disturbed(
            5,
            () -> {
              Files.writeString(runDirectory.resolve("run"), "w0fAnother\n");
              LOST.happen();
            }));

    HostOutcome outcome =
        run(Step.shell("true"), await(LONG, "running 1 %", "done"), greeting()[1]);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("another run of workr has changed the host");
    assertThat(folder.resolve("greeting")).doesNotExist();
  }

  @Test
  void saysThatItGoesOnWhenTheHostDoesNotComeBack() throws IOException {
    connector.host(
        BOOTSTRAP,
        disturbed(
            4,
            () -> {
              connector.failing(BOOTSTRAP, Kind.INTERRUPTED);
              LOST.happen();
            }));

    HostOutcome outcome = run(await(LONG, "running 1 %", "running 12 %"), greeting()[1]);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .contains("did not answer again within 10 min")
        .contains(WORK + " goes on by itself (1 %)")
        .contains("Run the goal again");
    assertThat(connector.openConnections()).isZero();
  }

  @Test
  void doesNotWaitLongerThanThereIsProgress() throws IOException {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = run(await(Duration.ofMillis(1), "running 12 %"), greeting()[1]);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .contains("no progress of " + WORK)
        .contains("the last was: 12 %")
        .contains("still goes on by itself on h1")
        .contains("run the goal again");
    assertThat(folder.resolve("greeting")).doesNotExist();
  }

  @Test
  void doesNotWaitForEverForAHostThatIsLostAgainAndAgain() throws IOException {
    FakeHost calm = host(OWN.fingerprint());
    int[] commands = {0};
    connector.host(
        BOOTSTRAP,
        new FakeHost(
            OWN.fingerprint(),
            (command, stdin, stdout, stderr) -> {
              if (++commands[0] > 2) {
                LOST.happen();
              }
              return calm.program().run(command, stdin, stdout, stderr);
            }));

    HostOutcome outcome = run(await(Duration.ofMillis(20), "running 12 %"), greeting()[1]);

    assertThat(outcome.message()).contains("no progress of " + WORK);
    assertThat(connector.openConnections()).isZero();
  }

  @Test
  void endsWhenTheWorkFailed() throws IOException {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome =
        run(await(LONG, "running 1 %", "failed no space left. Make some."), greeting()[1]);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .isEqualTo("test.greeting: " + WORK + ": no space left. Make some.");
  }

  @Test
  void leavesWorkThatIsNotToBeWaitedFor() throws IOException {
    attach = false;
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));
    Path late = folder.resolve("late");

    HostOutcome outcome =
        provision(
                spec("h1", BOOTSTRAP, "10.0.0.1/24"),
                List.of(
                    new Greeting(
                        "disk",
                        folder.resolve("greeting"),
                        await(LONG, "running 12 %"),
                        greeting()[1]),
                    new Greeting("other", late, Step.shell("printf hello >" + late))))
            .hosts()
            .get(0);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(outcome.goesOn()).isTrue();
    assertThat(outcome.needsAttention()).isFalse();
    assertThat(outcome.message())
        .isEqualTo(WORK + " goes on by itself (12 %); run the goal again to finish");
    assertThat(outcome.changes())
        .extracting(ChangeOutcome::id, ChangeOutcome::status, ChangeOutcome::message)
        .containsExactly(
            tuple("disk.greeting", Status.CHANGED, WORK + " goes on by itself (12 %)"),
            tuple(
                "other.greeting", Status.SKIPPED, "after disk.greeting, which goes on by itself"));
    assertThat(told(Event.Kind.LEFT)).containsExactly(outcome.message());
    assertThat(executed()).as("two probes and a look").hasSize(3);
    assertThat(late).doesNotExist();
    assertThat(connector.openConnections()).isZero();
  }

  @Test
  void finishesWorkThatWasDoneBeforeAnybodyLooked() throws IOException {
    attach = false;
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = run(await(LONG, "done"), greeting()[1]);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(outcome.goesOn()).isFalse();
    assertThat(connector.events())
        .filteredOn(RecordingConnector.Closed.class::isInstance)
        .hasSize(1);
  }
}
