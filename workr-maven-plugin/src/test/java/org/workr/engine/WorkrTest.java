package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.workr.connection.RecordingConnector;
import org.workr.plan.Step;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;

/** What the engine does, on a host whose shell is this machine's. */
class WorkrTest extends OnThisMachine {

  @Test
  void makesTheHostAsDeclaredAndThenHasNothingToDo() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome first = provision().hosts().get(0);
    assertThat(first.status()).as(first.message()).isEqualTo(Status.CHANGED);
    assertThat(first.changes()).extracting(c -> c.status()).containsExactly(Status.CHANGED);
    assertThat(folder.resolve("greeting")).hasContent("hello");

    int before = connector.events().size();
    HostOutcome second = provision().hosts().get(0);
    assertThat(second.status()).isEqualTo(Status.OK);
    List<RecordingConnector.Event> events =
        connector.events().subList(before, connector.events().size());
    assertThat(events).filteredOn(RecordingConnector.Executed.class::isInstance).hasSize(1);
    assertThat(connector.openConnections()).isZero();
  }

  @Test
  void sendsSecretsToStdinOnly() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    Report report = provision();

    assertThat(folder.resolve("received")).hasContent("user:" + PASSWORD);
    assertThat(report.toString()).doesNotContain("c4nary");
    assertThat(events.toString()).doesNotContain("c4nary");
    for (RecordingConnector.Event event : connector.events()) {
      if (event instanceof RecordingConnector.Executed executed) {
        assertThat(executed.command()).doesNotContain("c4nary");
      }
    }
  }

  @Test
  void sendsNothingToAHostWithAnotherKey() {
    connector.host(BOOTSTRAP, host(OTHER));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.UNREACHABLE);
    assertThat(outcome.message()).contains(OTHER.value());
    assertThat(connector.events()).allMatch(RecordingConnector.Connecting.class::isInstance);
  }

  @Test
  void saysWhichSecretsSudoRefused() throws IOException {
    Files.writeString(folder.resolve("password"), "another one");
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message())
        .contains("c.h1.login")
        .contains("c.h1.login.current")
        .contains("incorrect password")
        .doesNotContain("c4nary");
  }

  @Test
  void doesNotBelieveAPlanThatChangedNothing() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = provision(Step.shell("true")).hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("not as declared").contains("test.greeting");
  }

  @Test
  void restartsOnlyWhenTheConditionHolds() throws IOException {
    Path boot = Files.writeString(runDirectory.resolve("b"), "old\n");
    program(
        "cat",
        "[ \"$1\" != /proc/sys/kernel/random/boot_id ] || exec /bin/cat "
            + boot
            + "\nexec /bin/cat \"$@\"\n");
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));
    Step restart =
        new Step.Reboot(
            Duration.ofSeconds(20), Optional.of("false || [ -e " + folder + "/needed ]"));

    HostOutcome first = provision(greeting()[1], restart).hosts().get(0);
    assertThat(first.status()).as(first.message()).isEqualTo(Status.CHANGED);
    assertThat(boot).hasContent("old");

    Files.delete(folder.resolve("greeting"));
    Files.writeString(folder.resolve("needed"), "");
    HostOutcome second = provision(greeting()[1], restart).hosts().get(0);
    assertThat(second.status()).as(second.message()).isEqualTo(Status.CHANGED);
    assertThat(boot).hasContent("new");
  }

  @Test
  void sendsNoSecretBeforeNewKeysAreProven() throws IOException {
    Files.delete(folder.resolve("known_hosts"));
    Files.writeString(folder.resolve("password"), BEFORE);
    connector.host(BOOTSTRAP, host(TEMPLATE));

    HostOutcome outcome = provision(greeting()[0], new Step.PinHostKeys("/nowhere")).hosts().get(0);

    assertThat(outcome.message()).contains("no host key but the template's");
    assertThat(executed()).hasSize(2).noneMatch(command -> command.stdin().contains(PASSWORD));
  }

  @Test
  void sendsNoSecretToAMachineThatMayStillBeAnyClone() throws IOException {
    Files.delete(folder.resolve("known_hosts"));
    Files.writeString(folder.resolve("password"), BEFORE);
    connector.host(BOOTSTRAP, host(TEMPLATE));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("is declared as the template's").contains("ssh-keyscan");
    assertThat(executed()).hasSize(1).noneMatch(command -> command.stdin().contains(PASSWORD));
  }
}
