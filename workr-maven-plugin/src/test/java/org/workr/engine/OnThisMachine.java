package org.workr.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.workr.binding.Binder;
import org.workr.binding.Element;
import org.workr.connection.FakeHost;
import org.workr.connection.KnownHosts;
import org.workr.connection.LocalShell;
import org.workr.connection.RecordingConnector;
import org.workr.plan.SecretInput;
import org.workr.plan.Step;
import org.workr.planning.Capabilities;
import org.workr.planning.Planner;
import org.workr.report.Report;
import org.workr.secret.Secret;
import org.workr.spec.ClusterSpec;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.SecretName;
import org.workr.value.SshPublicKey;

/** An engine, and hosts whose shell is this machine's: what the scripts do is real. */
abstract class OnThisMachine {
  static final Fingerprint TEMPLATE = new Fingerprint("SHA256:" + "T".repeat(43));
  static final Fingerprint OTHER = new Fingerprint("SHA256:" + "O".repeat(43));
  static final String BOOTSTRAP = "10.0.0.101";
  static final String RESTART = "systemd-run --quiet --collect --on-active=1 systemctl reboot";
  static final SshPublicKey OWN =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9");
  static final String BEFORE = "the old c4nary";
  static final String PASSWORD = "it's \"$1\" \\ c4nary";

  @TempDir Path folder;
  Path runDirectory;
  final RecordingConnector connector = new RecordingConnector();
  final List<Event> events = new CopyOnWriteArrayList<>();
  final Kept kept = new Kept(name -> Optional.of(Secret.take(name, value(name).toCharArray())));
  boolean attach = true;

  @BeforeEach
  void prepare() throws IOException {
    // As long as /run/workr, so that the length of a script stays what it was.
    runDirectory = emptyFolder();
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

  private static Path emptyFolder() throws IOException {
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    while (true) {
      int number = ThreadLocalRandom.current().nextInt(36 * 36 * 36 * 36);
      String digits = "000" + Integer.toString(number, 36);
      try {
        return Files.createDirectory(
            Path.of("/tmp/w" + digits.substring(digits.length() - 4)), mode);
      } catch (FileAlreadyExistsException e) {
        // Somebody else's.
      }
    }
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

  /** What happens on a host, or to its connection, right before a command. */
  interface Disturbance {
    void happen() throws IOException, FakeHost.Broken;
  }

  /** A host to which something happens before its {@code number}th command; two probe, one does. */
  FakeHost disturbed(int number, Disturbance disturbance) {
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

  List<RecordingConnector.Executed> executed() {
    return connector.events().stream()
        .filter(RecordingConnector.Executed.class::isInstance)
        .map(RecordingConnector.Executed.class::cast)
        .toList();
  }

  void pinnedAt(String address) {
    KnownHosts known = new KnownHosts(folder.resolve("known_hosts"));
    Host host = spec("h1", BOOTSTRAP, address + "/24").hosts().get(0);
    known.addPending(host, List.of(OWN));
    known.confirm(host.hostname());
  }

  Report provision(Step... steps) {
    return provision(spec("h1", BOOTSTRAP, "10.0.0.1/24"), steps.length == 0 ? greeting() : steps);
  }

  Step[] greeting() {
    return new Step[] {
      Step.run(
          new SecretInput("user:", new SecretName("c.h1.login"), SecretInput.Form.PLAIN),
          "sh",
          "-c",
          "cat >" + folder + "/received"),
      Step.shell("printf hello >" + folder + "/greeting")
    };
  }

  Report provision(ClusterSpec spec, Step... steps) {
    return provision(spec, List.of(new Greeting(folder.resolve("greeting"), steps)));
  }

  Report provision(ClusterSpec spec, List<Greeting> greetings) {
    try (Workr workr =
        new Workr(
            spec,
            new RunOptions(Set.of(), 2, Duration.ZERO, attach),
            connector,
            new KnownHosts(folder.resolve("known_hosts")),
            new Stores(kept, kept, kept),
            events::add,
            Clock.systemUTC(),
            new Planner(
                greetings.stream()
                    .<Capabilities.Use<?>>map(
                        greeting -> Capabilities.always(greeting, ClusterSpec::name))
                    .toList()))) {
      return workr.provision();
    }
  }

  static String value(SecretName name) {
    return name.value().endsWith(".current") ? BEFORE : PASSWORD;
  }

  static ClusterSpec spec(String hostname, String bootstrap, String address) {
    Element cluster =
        tree(
            "cluster",
            text("name", "c"),
            tree("ssh", text("user", "u"), text("hostKey", TEMPLATE.value())),
            tree(
                "workers",
                tree(
                    "worker",
                    text("hostname", hostname),
                    text("bootstrap", bootstrap),
                    text("address", address))));
    var bound = Binder.bind(cluster, ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }

  /** A host whose commands find our sudo first, and our folder for /run/workr. */
  FakeHost host(Fingerprint key) {
    LocalShell shell = new LocalShell();
    return new FakeHost(
        key,
        (command, stdin, stdout, stderr) ->
            shell.run(
                "PATH="
                    + folder
                    + "/bin:$PATH; export PATH; "
                    + command.replace(" PATH=", " PATH=" + folder + "/bin:"),
                elsewhere(stdin),
                stdout,
                stderr));
  }

  InputStream elsewhere(InputStream stdin) throws IOException {
    String newBoot = "echo new >" + runDirectory + "/b";
    return new ByteArrayInputStream(
        new String(stdin.readAllBytes(), UTF_8)
            .replace("/run/workr", runDirectory.toString())
            .replace(RESTART, newBoot + " ".repeat(RESTART.length() - newBoot.length()))
            // As long, too, and nobody's machine restarts.
            .replace("systemd-run", ":          ")
            .getBytes(UTF_8));
  }

  void program(String name, String script) throws IOException {
    Path file = folder.resolve("bin").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + script);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
