package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.FakeHost;
import org.workr.connection.KnownHosts;
import org.workr.connection.RecordingConnector;
import org.workr.plan.Step;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.value.Hostname;
import org.workr.value.Ipv4;

/** What the engine does when something goes wrong, on a host whose shell is this machine's. */
class WorkrMishapTest extends OnThisMachine {

  @Test
  void stopsAtAStepThatFailsAndSaysWhatItSaid() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome =
        provision(
                Step.shell("echo first; echo the reason >&2; exit 7"),
                Step.shell("echo late >" + folder + "/late"))
            .hosts()
            .get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.changes().get(0).message())
        .startsWith("the reason\n")
        .contains("status 7")
        .contains("first");
    assertThat(folder.resolve("late")).doesNotExist();
  }

  @Test
  void leavesAHostAloneThatChangedWhileOthersWereProbed() {
    connector.host(
        BOOTSTRAP, disturbed(2, () -> Files.writeString(folder.resolve("greeting"), "good day")));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("changed while the plan was made");
    assertThat(folder.resolve("greeting")).hasContent("good day");
  }

  @Test
  void looksForAHostThatGoesAwayWhileItIsProbed() {
    FakeHost calm = host(OWN.fingerprint());
    connector.host(
        BOOTSTRAP,
        new FakeHost(
            OWN.fingerprint(),
            (command, stdin, stdout, stderr) -> {
              connector.host("10.0.0.1", calm).failing(BOOTSTRAP, Kind.UNREACHABLE);
              throw new FakeHost.Broken(Kind.LOST);
            }));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(connector.events())
        .filteredOn(RecordingConnector.Executed.class::isInstance)
        .extracting(event -> event.endpoint().address())
        .endsWith("10.0.0.1");
  }

  @Test
  void connectsAgainWhenAHostHadToWaitForItsTurnTooLong() {
    connector.host(
        BOOTSTRAP,
        disturbed(
            2,
            () -> {
              throw new FakeHost.Broken(Kind.LOST);
            }));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).as(outcome.message()).isEqualTo(Status.CHANGED);
    assertThat(connector.openConnections()).isZero();
  }

  @Test
  void doesNothingOnAHostThatAnotherRunChangedMeanwhile() {
    connector.host(
        BOOTSTRAP,
        disturbed(3, () -> Files.writeString(runDirectory.resolve("run"), "w0fAnother\n")));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("another run of workr has changed the host");
    assertThat(folder.resolve("greeting")).doesNotExist();
  }

  @Test
  void everythingWasDoneAndThenTheConnectionBroke() {
    FakeHost calm = host(OWN.fingerprint());
    int[] commands = {0};
    connector.host(
        BOOTSTRAP,
        new FakeHost(
            OWN.fingerprint(),
            (command, stdin, stdout, stderr) -> {
              FakeHost.Ending ending = calm.program().run(command, stdin, stdout, stderr);
              if (++commands[0] == 3) {
                throw new FakeHost.Broken(Kind.LOST);
              }
              return ending;
            }));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.changes()).extracting(c -> c.status()).containsExactly(Status.CHANGED);
    assertThat(outcome.message()).contains("the connection broke");
  }

  @Test
  void theTroubleOfOneHostIsNotThatOfAll() throws IOException {
    Files.writeString(
        folder.resolve("known_hosts"),
        "h2 ssh-ed25519 torn-by-a-merge\n",
        StandardOpenOption.APPEND);
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));
    Report report = provision(spec("h[1-2]", "10.0.0.[101-102]", "10.0.0.[1-2]/24"), greeting());

    assertThat(report.hosts())
        .extracting(HostOutcome::status)
        .containsExactly(Status.CHANGED, Status.FAILED);
    assertThat(report.hosts().get(1).message()).startsWith("line 2 of ").contains("pins no key");
  }

  @Test
  void aRestartThatDoesNotHappenIsNotWaitedForLongerThanItsLimit() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = provision(new Step.Reboot(Duration.ofMillis(1))).hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("did not restart within").contains("systemd-inhibit");
  }

  @Test
  void workOnAHostGoesOnWhenAnotherIsGone() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));
    Report report = provision(spec("h[1-2]", "10.0.0.[101-102]", "10.0.0.[1-2]/24"), greeting());

    assertThat(report.hosts())
        .extracting(HostOutcome::status)
        .containsExactly(Status.CHANGED, Status.UNREACHABLE);
  }

  @Test
  void keepsTheAddressThatAHostHadUntilItIsAsDeclared() {
    pinnedAt("10.0.0.9");
    connector.host("10.0.0.1", host(OWN.fingerprint()));
    KnownHosts known = new KnownHosts(folder.resolve("known_hosts"));

    assertThat(provision(Step.shell("exit 7")).hosts().get(0).status()).isEqualTo(Status.FAILED);
    assertThat(known.addresses(new Hostname("h1")))
        .containsExactly(Ipv4.parse("10.0.0.9"), Ipv4.parse("10.0.0.1"));

    assertThat(provision().hosts().get(0).status()).isEqualTo(Status.CHANGED);
    assertThat(known.addresses(new Hostname("h1"))).containsExactly(Ipv4.parse("10.0.0.1"));
  }

  @Test
  void whatWasDoneIsToldWhenAnAddressCannotBePinned() throws IOException {
    pinnedAt("10.0.0.9");
    connector.host("10.0.0.1", host(OWN.fingerprint()));
    Path guard = folder.resolve(".known_hosts.lock");

    HostOutcome outcome =
        provision(greeting()[1], Step.shell("rm " + guard + " && mkdir " + guard)).hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.changes()).extracting(c -> c.status()).containsExactly(Status.CHANGED);
    assertThat(outcome.message()).contains("everything was done").contains("could not be pinned");
  }

  @Test
  void doesNotGoOnWithAMachineThatItWasNotOnBefore() {
    connector.host(
        BOOTSTRAP, disturbed(4, () -> Files.delete(runDirectory.resolve("run")))); // as on a clone
    HostOutcome outcome =
        provision(
                Step.shell("true"),
                new Step.Reconnect(
                    Step.Reconnect.Where.AS_BEFORE, Duration.ofSeconds(1), "It is not there."),
                Step.shell("echo late >" + folder + "/late"))
            .hosts()
            .get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("another machine answers at " + BOOTSTRAP);
    assertThat(folder.resolve("late")).doesNotExist();
  }

  @Test
  void doesNotRestartAMachineThatAnotherRunIsAtWorkOn() throws IOException {
    Path boot = Files.writeString(runDirectory.resolve("b"), "old\n");
    connector.host(
        BOOTSTRAP,
        disturbed(5, () -> Files.writeString(runDirectory.resolve("run"), "w0fAnother\n")));

    HostOutcome outcome =
        provision(greeting()[1], new Step.Reboot(Duration.ofMillis(1))).hosts().get(0);

    assertThat(outcome.message()).contains("another run of workr has changed the host");
    assertThat(boot).hasContent("old");
  }
}
