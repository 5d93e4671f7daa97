package org.workr.spec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.workr.binding.Problems;
import org.workr.capability.container.ContainerSpec;
import org.workr.capability.disk.ClevisPolicy;
import org.workr.capability.disk.DiskSpec;
import org.workr.capability.disk.Pin;
import org.workr.capability.tang.Serving;
import org.workr.value.HttpUrl;
import org.workr.value.Ipv4;
import org.workr.value.Role;

/**
 * What must fit across the sections of a cluster. What concerns one section, that section checks.
 */
final class ClusterCheck {
  private final ClusterSpec cluster;
  private final Problems problems;

  ClusterCheck(ClusterSpec cluster, Problems problems) {
    this.cluster = cluster;
    this.problems = problems;
  }

  void check() {
    hostKeys();
    new HostsCheck(cluster, problems).check();
    new AddressCheck(cluster, problems).check();
    reachable();
    exclusiveKeys();
    cluster.container().ifPresent(this::container);
    cluster.disk().flatMap(DiskSpec::unlocking).ifPresent(this::unlocking);
    tailscale();
  }

  private void hostKeys() {
    boolean allHave = cluster.workers().stream().noneMatch(w -> w.hostKey().isEmpty());
    if (cluster.ssh().hostKey().isEmpty()
        && !allHave
        && problems.usable("ssh.hostKey")
        && indices().allMatch(i -> problems.usable("workers[" + i + "].hostKey"))) {
      problems.error(
          "ssh.hostKey",
          "is missing, so a host could not be told from an impostor",
          "On the template, run: ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub and add the part"
              + " that starts with SHA256: as <hostKey>.");
    }
  }

  /** Without a gateway, everything that hosts talk to must be on their own network. */
  private void reachable() {
    if (!problems.usable("network.gateway") || cluster.network().gateway().isPresent()) {
      return;
    }
    problems.warning(
        "network.gateway", "is missing, so hosts reach their own network only", "Add <gateway>.");
    List<Ipv4> nameservers = cluster.network().nameservers();
    for (int i = 0; i < nameservers.size(); i++) {
      onOwnNetwork("network.nameservers[" + i + "]", nameservers.get(i));
    }
    onOwnNetwork("packages.proxy", cluster.packages().proxy());
    onOwnNetwork("packages.mirror", cluster.packages().mirror());
  }

  private void onOwnNetwork(String part, Optional<HttpUrl> url) {
    url.flatMap(HttpUrl::address).ifPresent(address -> onOwnNetwork(part, address));
  }

  private void onOwnNetwork(String part, Ipv4 address) {
    boolean known = indices().allMatch(i -> problems.usable("workers[" + i + "].address"));
    boolean near =
        cluster.workers().stream()
            .flatMap(w -> w.address().addresses().stream())
            .allMatch(own -> own.contains(address));
    if (known && !near && problems.usable(part)) {
      problems.error(
          part,
          "'" + address + "' is not on the network of every host, and there is no gateway",
          "Add the <gateway> to it under <network>.");
    }
  }

  private void exclusiveKeys() {
    if (cluster.accounts().exclusiveKeys()
        && cluster.ssh().authorizedKeys().isEmpty()
        && problems.usable("ssh.authorizedKeys")) {
      problems.warning(
          "accounts.exclusiveKeys",
          "no key is declared, so none is removed",
          "Declare the keys that may log in under <authorizedKeys> in <ssh>.");
    }
  }

  private void container(ContainerSpec container) {
    if (!cluster.packages().docker()) {
      problems.error(
          "packages.docker",
          "'false' leaves out the engine that the <container> needs",
          "Remove <docker>, or <container>.");
    }
    for (int i : indices().toArray()) {
      String part = "workers[" + i + "].port";
      int port = cluster.workers().get(i).port().orElse(cluster.ssh().port());
      if (problems.usable("container.sshPort")
          && problems.usable("ssh.port")
          && problems.usable(part)
          && port == container.sshPort()) {
        problems.error(
            "container.sshPort",
            "'" + container.sshPort() + "' is the port of the host's own SSH server",
            "Use another port, such as " + (port == 2222 ? 2223 : 2222) + ".");
        return;
      }
    }
  }

  private void unlocking(ClevisPolicy policy) {
    if (!cluster.packages().clevis()) {
      problems.error(
          "packages.clevis",
          "'false' leaves out what unlocks the disks as <disk> declares",
          "Remove <clevis>, or <unlock> under <disk>.");
    }
    List<HttpUrl> servers =
        policy
            .sss()
            .all()
            .filter(Pin.Tang.class::isInstance)
            .map(pin -> ((Pin.Tang) pin).url())
            .toList();
    boolean elements = cluster.disk().flatMap(DiskSpec::unlock).isPresent();
    for (int i = 0; i < servers.size(); i++) {
      String part = elements ? "disk.unlock.tang[" + i + "].url" : "disk.policy";
      if (problems.usable(part)) {
        server(part, servers.get(i));
      }
    }
  }

  private void server(String part, HttpUrl server) {
    Optional<Ipv4> address = server.address();
    boolean noNames =
        problems.usable("network.nameservers") && cluster.network().nameservers().isEmpty();
    if (address.isEmpty() && noNames) {
      problems.error(
          part,
          "'" + server.host() + "' is a name, and hosts have no nameservers to look it up",
          "Use the server's address, or add <nameservers> under <network>.");
    }
    if (problems.usable("network.gateway") && cluster.network().gateway().isEmpty()) {
      onOwnNetwork(part, Optional.of(server));
    }
    for (int i : indices().toArray()) {
      WorkerSpec worker = cluster.workers().get(i);
      boolean own =
          problems.usable("workers[" + i + "].address")
              && worker.address().addresses().stream()
                  .anyMatch(a -> address.filter(a.ip()::equals).isPresent());
      if (own && problems.usable("workers[" + i + "].roles")) {
        ownServer(part, server, worker.roles().contains(Role.TANG));
      }
    }
  }

  private void ownServer(String part, HttpUrl server, boolean declared) {
    if (declared && problems.usable("tang") && problems.usable("tang.port")) {
      String served = new Serving(cluster.tang(), Map.of()).url(server.address().orElseThrow());
      if (!server.value().equals(served)) {
        problems.error(
            part,
            "'"
                + server
                + "' is a host of this cluster, whose Tang server answers at '"
                + served
                + "'",
            "Correct the URL, or <port> under <tang>.");
        return;
      }
    }
    if (declared) {
      problems.warning(
          part,
          "'" + server + "' is a host of this cluster, and cannot help to unlock its own disk",
          "Keep the threshold so low that the others are enough for it.");
    } else {
      problems.error(
          part,
          "'" + server + "' is a host of this cluster, but not one with the role tang",
          "Correct the address, or give that host <roles>tang</roles>.");
    }
  }

  private void tailscale() {
    boolean offered =
        cluster.packages().repositories().stream()
            .flatMap(r -> r.packages().stream())
            .anyMatch(p -> p.value().equals("tailscale"));
    if (cluster.tailscale().isPresent() && problems.usable("packages") && !offered) {
      problems.warning(
          "tailscale",
          "no repository under <packages> has the package 'tailscale', and few distributions do",
          "Declare Tailscale's repository with <packages>tailscale</packages>.");
    }
  }

  private IntStream indices() {
    return IntStream.range(0, cluster.workers().size());
  }
}
