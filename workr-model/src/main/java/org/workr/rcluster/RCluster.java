package org.workr.rcluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.workr.capability.container.ContainerLock;
import org.workr.capability.container.ContainerSpec;
import org.workr.capability.container.RStudioAddress;
import org.workr.capability.container.RStudioSpec;
import org.workr.diagnostic.Diagnostic;
import org.workr.render.R;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.RPackageName;
import org.workr.value.Role;
import org.workr.value.SshPublicKey;

/**
 * The files with which an analyst uses the cluster from R. The program in them is the same for all
 * clusters; what is declared and locked stands in files of its own.
 */
public final class RCluster {
  /** Stands in every file, so that no other one is taken for it. */
  public static final String MARK = "Written by mvn workr:emit-r-cluster";

  private static final String HEADER = "# " + MARK + "; do not change it, but run that again.\n";

  private static final List<String> SAME_FOR_ALL =
      List.of("README.md", "workr.R", "workr_mirai.R", "workr_crew.R", "targets.R", "slurm.tmpl");

  private final ClusterSpec spec;
  private final ContainerLock lock;
  private final String lockName;

  /**
   * @param lock what is known of the containers
   * @param lockName its file, for messages
   */
  public RCluster(ClusterSpec spec, ContainerLock lock, String lockName) {
    this.spec = spec;
    this.lock = lock;
    this.lockName = lockName;
  }

  private List<Host> workers() {
    return spec.hosts().stream().filter(host -> host.roles().contains(Role.WORKER)).toList();
  }

  /** What speaks against it; all of it. */
  public List<Diagnostic> problems() {
    List<Diagnostic> problems = new ArrayList<>();
    if (spec.container().isEmpty()) {
      problems.add(
          Diagnostic.error(
              "cluster.container",
              "is missing",
              "R runs in a container on every worker: declare its <image>."));
    }
    if (workers().isEmpty()) {
      problems.add(
          Diagnostic.error(
              "cluster.workers",
              "no host has the role 'worker'",
              "R runs on workers: give some of the hosts that role."));
    }
    for (Host host : workers()) {
      if (lock.hostKeys(host.hostname()).isEmpty()) {
        problems.add(
            Diagnostic.error(
                lockName,
                "has no host key of the container of '" + host.hostname() + "'",
                "Without it nobody could tell the worker from another machine. Run mvn"
                    + " workr:deploy-container. For a container that workr has not deployed, add the line"
                    + " 'host-key "
                    + host.hostname()
                    + " TYPE KEY', with the public key of the SSH server in it."));
      }
    }
    return problems;
  }

  /**
   * The files.
   *
   * @return content by name, without folders
   * @throws IllegalStateException when something speaks against it
   */
  public Map<String, String> files() {
    if (!problems().isEmpty()) {
      throw new IllegalStateException(problems().toString());
    }
    ContainerSpec container = spec.container().orElseThrow();
    Map<String, String> files = new LinkedHashMap<>();
    SAME_FOR_ALL.forEach(name -> files.put(name, resource(name)));
    container
        .rstudio()
        .ifPresent(page -> files.merge("README.md", rstudio(page, container), String::concat));
    files.put("cluster.R", data(container));
    files.put("ssh_config", sshConfig(container));
    files.put("known_hosts", knownHosts());
    return files;
  }

  private String data(ContainerSpec container) {
    List<Host> workers = workers();
    List<String> names = workers.stream().map(host -> host.hostname().value()).toList();
    return HEADER
        + """

        cluster_name <- %s

        # slots: R processes of a worker; threads: of BLAS and OpenMP in each.
        inventory <- data.frame(
          name = %s,
          slots = %s,
          threads = %s,
          stringsAsFactors = FALSE
        )

        # What every worker must have.
        packages <- %s

        # On the workers.
        rscript <- %s
        r_version <- %s
        """
            .formatted(
                R.string(spec.name().value()),
                R.strings(names),
                R.integers(workers.stream().map(Host::slots).toList()),
                R.integers(workers.stream().map(Host::threads).toList()),
                R.strings(container.rPackages().stream().map(RPackageName::value).toList()),
                R.string(lock.rscript()),
                lock.rVersion().map(R::string).orElse("NA_character_"));
  }

  private String rstudio(RStudioSpec page, ContainerSpec container) {
    String first = workers().get(0).hostname().value();
    String ssh = "ssh -F ssh_config -o UserKnownHostsFile=known_hosts ";
    boolean inside = page.address() == RStudioAddress.LOOPBACK;
    String address =
        inside
            ? "http://localhost:" + page.port()
            : (page.tls() ? "https://" : "http://")
                + workers().get(0).address().ip()
                + ":"
                + page.port();
    return "\n## RStudio\n\n"
        + (inside
            ? "A tunnel to a worker, as long as this runs, in this folder:\n\n    %s-N -L %d:localhost:%d %s\n\nThen open <%s>."
                .formatted(ssh, page.port(), page.port(), first, address)
            : "Open <%s>, or that of another worker.".formatted(address))
        + " The name is `%s`; the password is another one on each worker:\n\n    %s%s cat %s/password\n\n"
            .formatted(container.user(), ssh, first, RStudioSpec.PASSWORD_FOLDER)
        + "Everybody whom the administrator has let in shares that account, and its files, which stay on that worker. Its R processes are not those of\n"
        + "`workr$plan()`: what needs many processors belongs there.\n";
  }

  /** In ssh_config(5) the first value counts. */
  private String sshConfig(ContainerSpec container) {
    return HEADER
        + "# ssh -F ssh_config -o UserKnownHostsFile=known_hosts NAME, in this folder.\n\n"
        + workers().stream()
            .map(
                host ->
                    "Host %s\n  HostName %s\n  HostKeyAlias %s\n"
                        .formatted(host.hostname(), host.address().ip(), host.hostname()))
            .collect(Collectors.joining())
        + """

        Host *
          User %s
          Port %d
          BatchMode yes
          StrictHostKeyChecking yes
          GlobalKnownHostsFile /dev/null
          UpdateHostKeys no
          ForwardAgent no
          ForwardX11 no
          ConnectTimeout 8
          ServerAliveInterval 15
          ServerAliveCountMax 3
          ExitOnForwardFailure yes
          ControlMaster no
          ControlPath none
          LogLevel ERROR
        """
            .formatted(container.user(), container.sshPort());
  }

  private String knownHosts() {
    return HEADER
        + workers().stream()
            .flatMap(host -> lock.hostKeys(host.hostname()).stream().map(key -> line(host, key)))
            .collect(Collectors.joining());
  }

  private static String line(Host host, SshPublicKey key) {
    return host.hostname() + " " + key.type() + " " + key.blob() + "\n";
  }

  private static String resource(String name) {
    try (InputStream in = RCluster.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
