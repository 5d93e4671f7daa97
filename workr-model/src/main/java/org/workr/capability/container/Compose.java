package org.workr.capability.container;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.render.Yaml;
import org.workr.value.Host;
import org.workr.value.Ipv4;

/**
 * The compose file of a host: one container with an SSH server in it, and no more rights than that
 * takes. It says all that the container is, so that what ran well can be put back.
 *
 * @param declared what is declared
 * @param host the worker
 * @param image its name on the host
 */
record Compose(RContainer declared, Host host, String image) {
  /**
   * What sshd needs to become the account that logs in, with a terminal of its own, and to end what
   * it has begun as another one: it leaves a record of that with the kernel, and ends the
   * connection when it may not.
   */
  private static final List<String> CAPABILITIES =
      List.of("AUDIT_WRITE", "CHOWN", "KILL", "SETGID", "SETUID", "SYS_CHROOT");

  /** The service in the file. */
  private static final String SERVICE = "r";

  private static final String INSIDE = "/etc/ssh/workr/";

  /** What runs. */
  String file() {
    return text(
        "    container_name: "
            + ContainerPaths.CONTAINER
            + "\n    ports: "
            + Yaml.strings(
                ports(spec()).stream().map(p -> host.address().ip() + ":" + p + ":" + p).toList())
            + "\n",
        spec().rstudio().isPresent()
            ? volume(RStudioPaths.ACCESS + ":" + RStudioSpec.PASSWORD_FOLDER + ":ro")
            : "");
  }

  /** The same beside what runs: nobody reaches it. */
  String trial() {
    return text("    container_name: " + ContainerPaths.TRIED + "\n    network_mode: none\n", "");
  }

  /** The ports of the host that it takes. */
  static List<Integer> ports(ContainerSpec spec) {
    List<Integer> ports = new ArrayList<>(List.of(spec.sshPort()));
    spec.rstudio()
        .filter(page -> page.address() == RStudioAddress.HOST)
        .ifPresent(page -> ports.add(page.port()));
    return ports;
  }

  private static String volume(String mount) {
    return "      - " + Yaml.string(mount) + "\n";
  }

  ContainerSpec spec() {
    return declared.spec();
  }

  private int port() {
    return spec().sshPort();
  }

  private String text(String place, String volume) {
    return "# Written by mvn workr:deploy-container; do not change it, but run that again.\n"
        + "services:\n  "
        + SERVICE
        + ":\n"
        + place
        + line("image", Yaml.string(image))
        + line("entrypoint", Yaml.strings(List.of("/usr/sbin/sshd")))
        + "    command:\n"
        + sshd().map(word -> "      - " + Yaml.string(compose(word)) + "\n").collect(joining())
        + line("init", "true")
        + line("read_only", "true")
        + line("cap_drop", Yaml.strings(List.of("ALL")))
        + line("cap_add", Yaml.strings(CAPABILITIES))
        + line("security_opt", Yaml.strings(List.of("no-new-privileges")))
        + line("tmpfs", Yaml.strings(List.of("/run/sshd:mode=0755,size=64k")))
        // Without a name, so what jobs leave there goes with the container.
        + "    volumes:\n      - /tmp\n"
        + volume(new Recipe(spec()).home())
        + volume(ContainerPaths.HOST_KEYS + ":" + INSIDE + "host-keys:ro")
        + volume(ContainerPaths.KEYS + ":" + INSIDE + "authorized-keys:ro")
        + volume
        + nameservers()
        + limits(spec())
        + line("stop_grace_period", "10s")
        + "    logging:\n      driver: json-file\n      options: {max-size: \"10m\", max-file: \"3\"}\n"
        + "    healthcheck:\n      test: "
        + Yaml.strings(List.of("CMD-SHELL", compose(listens())))
        + "\n      interval: 60s\n      timeout: 30s\n      retries: 3\n";
  }

  /** Else Docker may ask servers of its own choice. */
  private String nameservers() {
    List<String> servers = declared.nameservers().stream().map(Ipv4::toString).toList();
    return servers.isEmpty() ? "" : line("dns", Yaml.strings(servers));
  }

  /** Lines that limit what a container takes. */
  static String limits(ContainerSpec spec) {
    List<String> lines = new ArrayList<>();
    lines.add("ulimits: {nofile: 65536, core: 0}");
    lines.add("shm_size: 1g");
    lines.add("pids_limit: " + spec.pids());
    spec.memory()
        .ifPresent(
            size -> {
              lines.add("mem_limit: " + size.mebibytes() + "m");
              // The same, so that it does not begin to swap instead.
              lines.add("memswap_limit: " + size.mebibytes() + "m");
            });
    spec.cpus().ifPresent(cpus -> lines.add("cpus: " + cpus));
    return lines.stream().map(line -> "    " + line + "\n").collect(joining());
  }

  /** All of sshd_config(5) that differs from what it does without; the first value counts. */
  private Stream<String> sshd() {
    Optional<String> inside =
        spec()
            .rstudio()
            .filter(page -> page.address() == RStudioAddress.LOOPBACK)
            .map(page -> "PermitOpen=localhost:" + page.port() + " 127.0.0.1:" + page.port());
    Stream<String> options =
        Stream.of(
            "Port=" + port(),
            "HostKey=" + INSIDE + "host-keys/ssh_host_ed25519_key",
            "AuthorizedKeysFile=" + INSIDE + "authorized-keys/%u",
            "AllowUsers=" + spec().user(),
            "AuthenticationMethods=publickey",
            "PasswordAuthentication=no",
            "KbdInteractiveAuthentication=no",
            "PermitRootLogin=no",
            "PermitEmptyPasswords=no",
            "UsePAM=no",
            // R processes reach the analyst through such a tunnel, and an analyst RStudio's page
            // through the other kind; there is no other way in or out.
            "AllowTcpForwarding=" + (inside.isPresent() ? "yes" : "remote"),
            "PermitListen=localhost:* 127.0.0.1:*",
            "GatewayPorts=no",
            "AllowStreamLocalForwarding=remote",
            "AllowAgentForwarding=no",
            "X11Forwarding=no",
            "PermitTunnel=no",
            "PermitUserEnvironment=no",
            "UseDNS=no",
            "PidFile=none",
            // Many R processes begin at once.
            "MaxStartups=64:30:256",
            "MaxSessions=64",
            "ClientAliveInterval=15",
            "ClientAliveCountMax=3",
            "SetEnv=LANG=C.UTF-8");
    return Stream.concat(
        Stream.of("-D", "-e", "-f", "/dev/null"),
        Stream.concat(options, inside.stream()).flatMap(option -> Stream.of("-o", option)));
  }

  /** Shell that asks whether an SSH server listens, without disturbing it. */
  String listens() {
    return listens(port());
  }

  /** Shell that asks whether a server listens at {@code port} (proc(5)). */
  static String listens(int port) {
    return "grep -qs ':%04X [0-9A-F]*:0000 0A ' /proc/net/tcp /proc/net/tcp6".formatted(port);
  }

  /** Compose puts values in the place of what begins with a dollar. */
  private static String compose(String word) {
    return word.replace("$", "$$");
  }

  private static String line(String key, String value) {
    return "    " + key + ": " + value + "\n";
  }
}
