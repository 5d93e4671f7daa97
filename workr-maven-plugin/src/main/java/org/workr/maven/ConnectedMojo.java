package org.workr.maven;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;
import org.workr.binding.DurationText;
import org.workr.connection.KnownHosts;
import org.workr.diagnostic.Diagnostic;
import org.workr.engine.Progress;
import org.workr.engine.RunOptions;
import org.workr.engine.SecretCredentials;
import org.workr.engine.Stores;
import org.workr.engine.Workr;
import org.workr.file.FileGuard;
import org.workr.keys.KeySources;
import org.workr.keys.PrivateKeyFile;
import org.workr.output.Heartbeat;
import org.workr.output.Journal;
import org.workr.output.TextProgress;
import org.workr.planning.Planner;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.SecretReplacer;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;
import org.workr.ssh.SshjConnector;
import org.workr.value.InvalidValueException;
import org.workr.value.SecretNeed;
import org.workr.vault.ContainerLockFile;
import org.workr.vault.HeaderFiles;
import org.workr.vault.KeystoreVault;

/** A goal that talks to hosts. */
abstract class ConnectedMojo extends SecretMojo {
  private static final Duration OTHER_RUN = Duration.ofSeconds(2);
  private static final Duration HEARTBEAT = Duration.ofSeconds(30);

  /**
   * The hosts to work on, such as {@code workr3} or {@code head,workr[1-5]}. All when it is not
   * given.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.limit")
  @Nullable String limit;

  /**
   * How many hosts are worked on at once, besides those that are only waited for: while they
   * restart, or are re-encrypted.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.forks", defaultValue = "25")
  int forks;

  /**
   * How long to wait for hosts that do not answer, such as {@code 3m}: useful right after they were
   * switched on.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.patience", defaultValue = "0s")
  String patience = "0s";

  /**
   * Where the hosts' SSH keys are pinned, in the form that ssh reads. Keep it in version control.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.knownHosts", defaultValue = "${project.basedir}/known_hosts")
  File knownHosts = new File("known_hosts");

  /**
   * What is fixed of the workers' containers: {@code workr:deploy-container} writes it. Keep it in
   * version control.
   *
   * @since 0.1.0
   */
  @Parameter(
      property = "workr.containerLock",
      defaultValue = "${project.basedir}/workr-container.lock")
  File containerLock = new File("workr-container.lock");

  /**
   * Whether the web addresses of keys are asked again, in place of what is pinned in {@code
   * workr-keys.lock}.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.refreshKeys", defaultValue = "false")
  boolean refreshKeys;

  @Parameter(defaultValue = "${settings.offline}", readonly = true)
  private boolean offline;

  /**
   * Where the plan, the reports and the journal of the last run go. When a goal begins, those that
   * an earlier run of Maven left are removed.
   *
   * @since 0.1.0
   */
  @Parameter(property = "workr.output", defaultValue = "${project.build.directory}/workr")
  File output = new File("target/workr");

  @Parameter(defaultValue = "${session.startTime}", readonly = true, required = true)
  Date started = Date.from(Instant.EPOCH);

  ConnectedMojo(ServerPasswords passwords) {
    super(passwords);
  }

  ConnectedMojo(ServerPasswords passwords, Map<String, String> environment) {
    super(passwords, environment);
  }

  /** What is done to the hosts; refuses parameters of the goal that are wrong. */
  Work work(ClusterSpec spec) throws MojoFailureException {
    return new Work(new Planner(), false);
  }

  /** Whether work that goes on by itself on a host is waited for. */
  boolean attach() throws MojoFailureException {
    return true;
  }

  /** Does what the goal is for, with everything at hand. */
  abstract void run(ClusterSpec spec, Workr workr) throws MojoFailureException, IOException;

  @Override
  final void begin() {
    try {
      Results.removeFromBefore(started.toInstant(), output.toPath());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The cluster with keys in the place of files and addresses.
   *
   * @param login whether the key to log in with must be here
   */
  final ClusterSpec withKeys(ClusterSpec spec, KeySources.Asking asking, boolean login)
      throws MojoFailureException {
    KeySources.Resolved keys =
        KeySources.resolve(
            spec, basedir.toPath(), path -> ProjectPaths.resolve(path, basedir), asking);
    keys.news().forEach(getLog()::info);
    List<Diagnostic> problems = new ArrayList<>(keys.problems());
    if (login) {
      PrivateKeyFile.problem(spec.ssh().privateKey(), path -> ProjectPaths.resolve(path, basedir))
          .ifPresent(problems::add);
    }
    report("The cluster's set of keys", problems);
    return keys.spec();
  }

  @Override
  void run(ClusterSpec declared, SecretStore store) throws MojoFailureException {
    RunOptions options = options(declared);
    Work work = work(declared);
    ClusterSpec spec = withKeys(declared, asking(), true);
    Path folder = output.toPath();
    Path privateKey = ProjectPaths.resolve(spec.ssh().privateKey(), basedir);
    List<SecretNeed> needs =
        spec.secretNeeds().stream()
            .filter(need -> need.host().map(options::includes).orElse(true))
            .toList();
    KnownHosts pinned = new KnownHosts(knownHosts.toPath());
    FileGuard guard = guard(folder);
    try (guard;
        ClusterSecrets secrets = checked(spec, store, needs)) {
      SecretReplacer replacer = new SecretReplacer(store, secrets);
      if (work.replacesPassphrases()) {
        report(
            "The cluster's set of secrets",
            replacer.problems(
                spec.hosts().stream()
                    .filter(host -> options.includes(host.hostname()))
                    .map(host -> host.secret("luks"))
                    .toList()));
      }
      try (SshjConnector connector =
              new SshjConnector(
                  new SecretCredentials(
                      spec.name().value(),
                      privateKey,
                      secrets::find,
                      pinned,
                      spec.accounts().setPassword()));
          Journal journal = new Journal(folder.resolve("journal.jsonl"), Clock.systemUTC());
          Heartbeat heartbeat = new Heartbeat(text(spec), System::nanoTime);
          Workr workr =
              new Workr(
                  spec,
                  options,
                  connector,
                  pinned,
                  new Stores(
                      new KeystoreVault(secrets, replacer),
                      new HeaderFiles(store, Clock.systemUTC()),
                      new ContainerLockFile(containerLock.toPath())),
                  Progress.all(List.of(journal, text(spec), heartbeat)),
                  Clock.systemUTC(),
                  work.planner())) {
        getLog().info(secrets.places());
        heartbeat.every(HEARTBEAT);
        run(spec, workr);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private KeySources.Asking asking() {
    if (offline) {
      return KeySources.Asking.OFFLINE;
    }
    return refreshKeys ? KeySources.Asking.ALL : KeySources.Asking.MISSING;
  }

  private TextProgress text(ClusterSpec spec) {
    int width = spec.hosts().stream().mapToInt(h -> h.hostname().value().length()).max().orElse(0);
    return new TextProgress(getLog()::info, width, System::nanoTime);
  }

  RunOptions options(ClusterSpec spec) throws MojoFailureException {
    if (forks < 1) {
      throw new MojoFailureException(
          "workr.forks: '" + forks + "' hosts at once is none. Use 1 or more.");
    }
    try {
      return new RunOptions(
          Limit.parse(limit, spec), forks, DurationText.parse(patience), attach());
    } catch (InvalidValueException e) {
      throw new MojoFailureException("workr.patience: " + e.summary() + ". " + e.hint());
    }
  }

  /** Two runs at once would each see the other's half-done work. */
  private static FileGuard guard(Path folder) throws MojoFailureException {
    try {
      Files.createDirectories(folder);
      return FileGuard.of(folder.resolve("run"), OTHER_RUN);
    } catch (FileSystemException e) {
      throw new MojoFailureException(
          "Another run of workr works on this cluster (" + folder + "). Wait until it has ended.",
          e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
