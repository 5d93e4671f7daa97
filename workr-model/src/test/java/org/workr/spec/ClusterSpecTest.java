package org.workr.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.XmlElements;
import org.workr.capability.accounts.AuthorizedKey;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;
import org.workr.value.Role;

class ClusterSpecTest {

  @Test
  void bindsTheReadmesCluster() {
    Bound<ClusterSpec> bound =
        Binder.bind(XmlElements.resource("/golden/valid/readme/cluster.xml"), ClusterSpec.class);
    assertThat(bound.diagnostics()).isEmpty();
    List<Host> hosts = bound.value().orElseThrow().hosts();
    assertThat(hosts).hasSize(5);
    assertThat(hosts.get(4))
        .isEqualTo(
            new Host(
                "stats",
                new Hostname("workr5"),
                Set.of(Role.WORKER),
                "ubuntu",
                22,
                Optional.of(Ipv4.parse("192.168.1.105")),
                InterfaceAddress.parse("192.168.64.5/16"),
                Optional.empty(),
                List.of(new Fingerprint("SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE")),
                4,
                1));
  }

  @Test
  void namesItsSecrets() {
    ClusterSpec cluster = read("readme");
    assertThat(cluster.secretNeeds())
        .filteredOn(need -> need.host().isEmpty() || need.host().get().value().equals("workr1"))
        .extracting(need -> need.names() + " " + need.kind() + (need.required() ? " required" : ""))
        .containsExactly(
            "[stats.ssh] SSH_KEY_PASSPHRASE",
            "[stats.workr1.login] LOGIN_PASSWORD required",
            "[stats.workr1.login.current, stats.login.current] LOGIN_PASSWORD",
            "[stats.workr1.luks] DISK_PASSPHRASE required",
            "[stats.workr1.luks.current, stats.luks.current] DISK_PASSPHRASE");
    assertThat(cluster.secretNeeds()).hasSize(1 + 5 * 4);
  }

  @Test
  void takesOtherKeysAndKeepsAllElse() {
    ClusterSpec cluster = read("everything");
    List<AuthorizedKey> none = List.of();
    ClusterSpec other = cluster.withAuthorizedKeys(none).withRepositories(List.of());
    assertThat(other.ssh().authorizedKeys()).isEmpty();
    assertThat(other.packages().repositories()).isEmpty();
    assertThat(
            other
                .withAuthorizedKeys(cluster.ssh().authorizedKeys())
                .withRepositories(cluster.packages().repositories()))
        .isEqualTo(cluster)
        .isNotEqualTo(other);
  }

  private static ClusterSpec read(String name) {
    return Binder.bind(
            XmlElements.resource("/golden/valid/" + name + "/cluster.xml"), ClusterSpec.class)
        .value()
        .orElseThrow();
  }
}
