package org.workr.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.XmlElements;
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
}
