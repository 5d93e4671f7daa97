package org.workr.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.binding.Binder;
import org.workr.binding.Element;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.FakeHost;
import org.workr.connection.KnownHosts;
import org.workr.connection.LocalShell;
import org.workr.connection.RecordingConnector;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.SecretInput;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.planning.Capabilities;
import org.workr.planning.Planner;
import org.workr.report.HostOutcome;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.secret.Secret;
import org.workr.spec.ClusterSpec;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.Ipv4;
import org.workr.value.SecretName;
import org.workr.value.SshPublicKey;

/** The engine on a host whose shell is this machine's: what the scripts do is real. */
class WorkrTest {
  private static final Fingerprint TEMPLATE = new Fingerprint("SHA256:" + "T".repeat(43));
  private static final Fingerprint OTHER = new Fingerprint("SHA256:" + "O".repeat(43));
  private static final String BOOTSTRAP = "10.0.0.101";
  private static final String RESTART =
      "systemd-run --quiet --collect --on-active=1 systemctl reboot";
  private static final SshPublicKey OWN =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9");
  private static final String BEFORE = "the old c4nary";
  private static final String PASSWORD = "it's \"$1\" \\ c4nary";

  @TempDir Path folder;
  private Path runDirectory;
  private final RecordingConnector connector = new RecordingConnector();
  private final List<Event> events = new CopyOnWriteArrayList<>();

  @BeforeEach
  void prepare() throws IOException {
    // As long as /run/workr, so that the length of a script stays what it was.
    runDirectory = Files.createTempDirectory(Path.of("/tmp"), "");
    Path shorter = Path.of("/tmp/w" + Long.toString(System.nanoTime() % 1_000_0, 10));
    while (shorter.toString().length() < "/run/workr".length()) {
      shorter = Path.of(shorter + "x");
    }
    Files.deleteIfExists(shorter);
    runDirectory = Files.move(runDirectory, shorter);
    program("id", "echo 1000");
    program(
        "sudo",
        """
        case "$*" in "-n -k true") exit 1;; esac
        IFS= read -r password
        [ "$password" = "$(cat %1$s/password)" ] || IFS= read -r password
        [ "$password" = "$(cat %1$s/password)" ] || { echo "sudo: 2 incorrect password attempts" >&2; exit 1; }
        while [ "$1" != -- ]; do shift; done
        shift
        exec "$@"
        """
            .formatted(folder));
    Files.writeString(folder.resolve("password"), PASSWORD);
    pinnedAt("10.0.0.1");
  }

  @AfterEach
  void cleanUp() throws IOException {
    try (var files = Files.list(runDirectory)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(runDirectory);
  }

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
  void doesNotBelieveAPlanThatChangedNothing() {
    connector.host(BOOTSTRAP, host(OWN.fingerprint()));

    HostOutcome outcome = provision(Step.shell("true")).hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("not as declared").contains("test.greeting");
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
  void sendsNoSecretToAMachineThatMayStillBeAnyClone() throws IOException {
    Files.delete(folder.resolve("known_hosts"));
    Files.writeString(folder.resolve("password"), BEFORE);
    connector.host(BOOTSTRAP, host(TEMPLATE));

    HostOutcome outcome = provision().hosts().get(0);

    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.message()).contains("no host key but the template's");
    assertThat(executed()).hasSize(2).noneMatch(command -> command.stdin().contains(PASSWORD));
  }

  @Test
  void keepsTheAddressThatAHostHadUntilItIsAsDeclared() {
    pinnedAt("10.0.0.9");
    connector.host("10.0.0.1", host(OWN.fingerprint()));
    KnownHosts known = new KnownHosts(folder.resolve("known_hosts"));

    assertThat(provision(Step.shell("exit 7")).hosts().get(0).status()).isEqualTo(Status.FAILED);
    assertThat(known.addresses(new Hostname("h1"))).containsExactly(Ipv4.parse("10.0.0.9"));

    assertThat(provision().hosts().get(0).status()).isEqualTo(Status.CHANGED);
    assertThat(known.addresses(new Hostname("h1"))).containsExactly(Ipv4.parse("10.0.0.1"));
  }

  @Test
  void whatWasDoneIsToldWhenAnAddressCannotBePinned() throws IOException {
    pinnedAt("10.0.0.9");
    Files.delete(folder.resolve(".known_hosts.lock"));
    Files.createDirectory(folder.resolve(".known_hosts.lock"));
    connector.host("10.0.0.1", host(OWN.fingerprint()));

    HostOutcome outcome = provision().hosts().get(0);

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
    assertThat(outcome.message()).contains("another run of workr");
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

  /** What happens on a host, or to its connection, right before a command. */
  private interface Disturbance {
    void happen() throws IOException, FakeHost.Broken;
  }

  /** A host to which something happens before its {@code number}th command; two probe, one does. */
  private FakeHost disturbed(int number, Disturbance disturbance) {
    FakeHost calm = host(OWN.fingerprint());
    int[] commands = {0};
    return new FakeHost(
        OWN.fingerprint(),
        (command, stdin, stdout, stderr) -> {
          if (++commands[0] == number) {
            disturbance.happen();
          }
          return calm.program().run(command, stdin, stdout, stderr);
        });
  }

  private List<RecordingConnector.Executed> executed() {
    return connector.events().stream()
        .filter(RecordingConnector.Executed.class::isInstance)
        .map(RecordingConnector.Executed.class::cast)
        .toList();
  }

  private void pinnedAt(String address) {
    KnownHosts known = new KnownHosts(folder.resolve("known_hosts"));
    Host host = spec("h1", BOOTSTRAP, address + "/24").hosts().get(0);
    known.addPending(host, List.of(OWN));
    known.confirm(host.hostname());
  }

  private Report provision(Step... steps) {
    return provision(spec("h1", BOOTSTRAP, "10.0.0.1/24"), steps.length == 0 ? greeting() : steps);
  }

  private Step[] greeting() {
    return new Step[] {
      Step.run(
          new SecretInput("user:", new SecretName("c.h1.login"), SecretInput.Form.PLAIN),
          "sh",
          "-c",
          "cat >" + folder + "/received"),
      Step.shell("printf hello >" + folder + "/greeting")
    };
  }

  private Report provision(ClusterSpec spec, Step... steps) {
    try (Workr workr =
        new Workr(
            spec,
            new RunOptions(Set.of(), 2, Duration.ZERO),
            connector,
            new KnownHosts(folder.resolve("known_hosts")),
            name -> Optional.of(Secret.take(name, value(name).toCharArray())),
            events::add,
            Clock.systemUTC(),
            new Planner(List.of(Capabilities.always(new Greeting(steps), ClusterSpec::name))))) {
      return workr.provision();
    }
  }

  private static String value(SecretName name) {
    return name.value().endsWith(".current") ? BEFORE : PASSWORD;
  }

  private static ClusterSpec spec(String hostname, String bootstrap, String address) {
    Element cluster =
        element(
            "cluster",
            text("name", "c"),
            element("ssh", text("user", "u"), text("hostKey", TEMPLATE.value())),
            element(
                "workers",
                element(
                    "worker",
                    text("hostname", hostname),
                    text("bootstrap", bootstrap),
                    text("address", address))));
    var bound = Binder.bind(cluster, ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }

  private static Element element(String name, Element... children) {
    return new Element(name, null, List.of(children));
  }

  private static Element text(String name, String text) {
    return new Element(name, text, List.of());
  }

  /** Wants a file with a greeting. */
  private final class Greeting implements Capability<Object> {
    private final Step[] steps;
    private final Fact<String> fact =
        Fact.text("test.greeting", "cat " + folder + "/greeting 2>/dev/null || true");

    // For what becomes of the secret; nothing depends on it.
    private final Fact<Boolean> same =
        Fact.flagWithSecret(
            "test.same", new SecretName("c.h1.login"), "IFS= read -r word; echo no");

    Greeting(Step... steps) {
      this.steps = steps;
    }

    @Override
    public String name() {
      return "test";
    }

    @Override
    public Set<Fact<?>> facts(Object spec, Host host) {
      return Set.of(fact, same);
    }

    @Override
    public Findings plan(Object spec, Situation situation) {
      Findings.Builder findings = situation.findings("test");
      situation
          .require(fact, findings)
          .filter(text -> !text.equals("hello"))
          .ifPresent(
              text ->
                  findings.change(Stage.SYSTEM, Action.UPDATE, "greeting", text, "hello", steps));
      return findings.build();
    }
  }

  /** A host whose commands find our sudo first, and our folder for /run/workr. */
  private FakeHost host(Fingerprint key) {
    LocalShell shell = new LocalShell();
    return new FakeHost(
        key,
        (command, stdin, stdout, stderr) ->
            shell.run(
                "PATH=" + folder + "/bin:$PATH; export PATH; " + command,
                elsewhere(stdin),
                stdout,
                stderr));
  }

  private InputStream elsewhere(InputStream stdin) throws IOException {
    String newBoot = "echo new >" + runDirectory + "/b";
    return new ByteArrayInputStream(
        new String(stdin.readAllBytes(), UTF_8)
            .replace("/run/workr", runDirectory.toString())
            .replace(RESTART, newBoot + " ".repeat(RESTART.length() - newBoot.length()))
            // As long, too, and nobody's machine restarts.
            .replace("systemd-run", ":          ")
            .getBytes(UTF_8));
  }

  private void program(String name, String script) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
