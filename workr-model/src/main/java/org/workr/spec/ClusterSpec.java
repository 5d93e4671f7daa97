package org.workr.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Parts;
import org.workr.binding.Problems;
import org.workr.capability.NeedsSecrets;
import org.workr.capability.accounts.AccountsSpec;
import org.workr.capability.accounts.AuthorizedKey;
import org.workr.capability.accounts.SshSpec;
import org.workr.capability.console.ConsoleSpec;
import org.workr.capability.container.ContainerSpec;
import org.workr.capability.disk.DiskSpec;
import org.workr.capability.identity.IdentitySpec;
import org.workr.capability.network.NetworkSpec;
import org.workr.capability.packages.PackagesSpec;
import org.workr.capability.packages.RepositorySpec;
import org.workr.capability.restart.RestartSpec;
import org.workr.capability.tailscale.TailscaleSpec;
import org.workr.capability.tang.TangSpec;
import org.workr.value.ClusterName;
import org.workr.value.Host;
import org.workr.value.InterfaceName;
import org.workr.value.SecretNeed;

/**
 * Everything that stands under {@code <cluster>}. A capability of its own is one component here.
 *
 * @param name its name
 * @param ssh how hosts are reached
 * @param accounts what the account on them may do
 * @param identity what makes each a machine of its own
 * @param network their static network configuration
 * @param packages what is installed on them
 * @param tailscale the tailnet that they join
 * @param console their serial console
 * @param restart how they are restarted
 * @param disk their encrypted disks
 * @param tang its Tang servers
 * @param container the container in which R runs
 * @param workers the hosts
 */
@Doc("A compute cluster.")
public record ClusterSpec(
    @Doc(value = "Its name, with which the names of its secrets begin.", example = "stats")
        ClusterName name,
    @Doc(value = "How workr reaches the hosts, and which keys may log in.", required = true)
        SshSpec ssh,
    @Doc("The account that workr logs in as: password, sudo and keys.") AccountsSpec accounts,
    @Doc("What makes each clone a machine of its own.") IdentitySpec identity,
    @Doc("The static network configuration that all hosts share.") NetworkSpec network,
    @Doc("What is installed on every host, and from where.") PackagesSpec packages,
    @Doc(value = "The tailnet that every host joins.", otherwise = "they join none")
        Optional<TailscaleSpec> tailscale,
    @Doc(value = "A serial console.", otherwise = "consoles stay as they are")
        Optional<ConsoleSpec> console,
    @Doc("Restarting a host when a change needs it.") RestartSpec restart,
    @Doc(value = "The encrypted disks.", otherwise = "disks stay as they are")
        Optional<DiskSpec> disk,
    @Doc("The Tang servers among the hosts.") TangSpec tang,
    @Doc(value = "The container in which R runs.", otherwise = "there is none")
        Optional<ContainerSpec> container,
    @Doc(value = "The hosts.", example = "<worker>...</worker>", required = true, item = "worker")
        List<WorkerSpec> workers)
    implements Checked {

  /** Copies the list. */
  public ClusterSpec {
    workers = List.copyOf(workers);
  }

  @Override
  public void check(Problems problems) {
    new ClusterCheck(this, problems).check();
  }

  /**
   * Every host, ranges expanded and defaults filled in, in the order of the pom.
   *
   * @throws IllegalStateException when a worker's ranges differ in length, which a checked cluster
   *     does not have
   */
  public List<Host> hosts() {
    List<Host> hosts = new ArrayList<>();
    for (WorkerSpec worker : workers) {
      for (int i = 0; i < worker.count(); i++) {
        hosts.add(host(worker, i));
      }
    }
    return List.copyOf(hosts);
  }

  /** Every secret that it asks for: first those that hosts share, then those of each host. */
  public List<SecretNeed> secretNeeds() {
    Set<SecretNeed> needs = new LinkedHashSet<>();
    for (Host host : hosts()) {
      for (NeedsSecrets part : Parts.of(this, "cluster", NeedsSecrets.class).values()) {
        needs.addAll(part.secrets(host));
      }
    }
    return needs.stream()
        .sorted(Comparator.comparing((SecretNeed need) -> need.host().isPresent()))
        .toList();
  }

  /** The same with other authorized keys: what files and URLs were found to hold. */
  public ClusterSpec withAuthorizedKeys(List<AuthorizedKey> keys) {
    return Parts.with(this, ssh.withAuthorizedKeys(keys));
  }

  /** The same with other keys for the container: what files and URLs were found to hold. */
  public ClusterSpec withContainerKeys(List<AuthorizedKey> keys) {
    return Parts.with(this, container.orElseThrow().withAuthorizedKeys(keys));
  }

  /** The same with other repositories: with the keys that files and URLs were found to hold. */
  public ClusterSpec withRepositories(List<RepositorySpec> repositories) {
    return Parts.with(this, packages.withRepositories(repositories));
  }

  private Host host(WorkerSpec worker, int index) {
    return new Host(
        name.value(),
        worker.hostname().names().get(index),
        new HashSet<>(worker.roles()),
        ssh.user().value(),
        worker.port().orElse(ssh.port()),
        worker.bootstrap().map(b -> b.addresses().get(index)),
        worker.address().addresses().get(index),
        worker.networkInterface().or(network::networkInterface).map(InterfaceName::value),
        worker.hostKey().isEmpty() ? ssh.hostKey() : worker.hostKey(),
        worker.slots(),
        worker.threads());
  }
}
