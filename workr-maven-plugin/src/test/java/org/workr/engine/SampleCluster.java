package org.workr.engine;

import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.workr.binding.Binder;
import org.workr.binding.Element;
import org.workr.connection.FakeHost;
import org.workr.connection.KnownHosts;
import org.workr.connection.LocalShell;
import org.workr.connection.RecordingConnector;
import org.workr.plan.Step;
import org.workr.planning.Capabilities;
import org.workr.planning.Planner;
import org.workr.spec.ClusterSpec;
import org.workr.value.Fingerprint;

/**
 * A cluster {@code c} of hosts {@code h1}, {@code h2}, ... that do not exist, and an engine that
 * wants a greeting on each and nothing else. What a host is asked, this machine's shell answers.
 */
public final class SampleCluster {
  private static final Fingerprint KEY = new Fingerprint("SHA256:" + "T".repeat(43));

  private final Path folder;
  private final Path greeting;
  private final int size;
  private final RecordingConnector connector = new RecordingConnector();

  /**
   * No host of it answers yet.
   *
   * @param folder an empty one of its own
   * @param size how many hosts
   */
  public SampleCluster(Path folder, int size) throws IOException {
    this.folder = folder;
    greeting = folder.resolve("greeting");
    this.size = size;
    // Whoever runs the test, the script is root's, so sudo is not asked.
    Path id = Files.createDirectories(folder.resolve("bin")).resolve("id");
    Files.writeString(id, "#!/bin/sh\necho 0\n");
    Files.setPosixFilePermissions(id, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Lets a host answer. */
  public SampleCluster answering(int number) {
    return answering(number, shell());
  }

  /** Lets a host answer like this. */
  SampleCluster answering(int number, FakeHost.Program program) {
    connector.host("10.0.0." + number, new FakeHost(KEY, program));
    return this;
  }

  /**
   * Runs the first two commands, which look at the host. The third one would change it, and this
   * machine with it, so that fails.
   */
  FakeHost.Program shell() {
    LocalShell shell = new LocalShell();
    AtomicInteger commands = new AtomicInteger();
    return (command, stdin, stdout, stderr) ->
        commands.incrementAndGet() > 2
            ? FakeHost.Ending.of(1)
            : shell.run(
                "PATH=" + folder.resolve("bin") + ":$PATH; " + command, stdin, stdout, stderr);
  }

  /** Makes every host as declared. */
  public SampleCluster asDeclared() throws IOException {
    Files.writeString(greeting, "hello");
    return this;
  }

  /** What its pom declares. */
  public ClusterSpec spec() {
    Element worker =
        tree(
            "worker",
            text("hostname", "h[1-" + size + "]"),
            text("address", "10.0.0.[1-" + size + "]/24"));
    Element ssh = tree("ssh", text("user", "u"), text("hostKey", KEY.value()));
    Element cluster = tree("cluster", text("name", "c"), ssh, tree("workers", worker));
    var bound = Binder.bind(cluster, ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }

  /** An engine for it; the receiver closes it. */
  public Workr workr() {
    return workr(size);
  }

  /** An engine that works on so many hosts at once. */
  Workr workr(int forks) {
    Kept kept = new Kept(name -> Optional.empty());
    return new Workr(
        spec(),
        new RunOptions(Set.of(), forks, Duration.ZERO, true),
        connector,
        new KnownHosts(folder.resolve("known_hosts")),
        new Stores(kept, kept, kept),
        event -> {},
        Clock.systemUTC(),
        new Planner(
            List.of(
                Capabilities.always(
                    new Greeting(greeting, Step.shell("printf hello >" + greeting)),
                    ClusterSpec::name))));
  }

  /** The names of its hosts. */
  public List<String> names() {
    return IntStream.rangeClosed(1, size).mapToObj(number -> "h" + number).toList();
  }
}
