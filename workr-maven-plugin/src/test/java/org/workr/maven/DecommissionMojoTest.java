package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.binding.Binder;
import org.workr.binding.Element;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;
import org.workr.value.Hostname;

/** What is lost for ever has to be named twice. */
class DecommissionMojoTest {
  private static final ClusterSpec SPEC =
      Clusters.spec("workr[1-3]", "192.168.64.[1-3]/16", tree("disk"));

  private final DecommissionMojo goal = new DecommissionMojo(ServerPasswords.none(), Map.of());

  @BeforeEach
  void prepare() {
    goal.forks = 3;
    goal.decommission = "workr2";
    goal.confirm = "erase workr2";
  }

  @Test
  void worksOnTheNamedHostOnly() throws Exception {
    assertThat(SPEC.hosts())
        .filteredOn(host -> including(host.hostname()))
        .extracting(host -> host.hostname().value())
        .containsExactly("workr2");
  }

  private boolean including(Hostname hostname) {
    try {
      return goal.options(SPEC).includes(hostname);
    } catch (MojoFailureException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whoeverLimitsItToOthersIsNotHeard() throws Exception {
    goal.limit = "workr[1-3]";
    assertThat(goal.options(SPEC).includes(new Hostname("workr1"))).isFalse();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {"", "yes", "true", "erase", "erase workr1", "erase workr22", "ERASE workr2"})
  void nothingElseConfirmsIt(String word) {
    goal.confirm = word;
    assertThatThrownBy(() -> goal.options(SPEC))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith("workr.confirm: '")
        .hasMessageEndingWith("add -Dworkr.confirm=\"erase workr2\".");
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "workr4", "workr[1-3]", "workr1,workr2"})
  void takesOneHostThatThereIs(String host) {
    goal.decommission = host;
    goal.confirm = "erase " + host;
    assertThatThrownBy(() -> goal.options(SPEC))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageContaining("is no host of this cluster");
  }

  @Test
  void givingAHostUpTakesItsOwnWords() throws Exception {
    assertThat(request("destroy what opens workr2").abandons()).isTrue();
    assertThat(request("destroy what opens workr2").host(SPEC)).isEqualTo("workr2");
    assertThat(request("erase workr2").abandons()).isFalse();
    for (String word :
        List.of("destroy what opens", "destroy what opens workr1", "destroy workr2")) {
      assertThatThrownBy(() -> request(word).host(SPEC))
          .hasMessageStartingWith("workr.confirm: '" + word + "' does not confirm it.");
    }
  }

  private static DecommissionRequest request(String confirm) {
    return new DecommissionRequest("workr2", confirm);
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.64.2, true",
    "workr2, true",
    "WorkR2.Example.org, true",
    "workr2.local:8080, true",
    "workr1, false",
    "workr22, false",
    "tang.workr2, false",
    "192.168.64.3, false"
  })
  void aTangServerThatDisksAreBoundToStays(String server, boolean needed) {
    ClusterSpec bound = boundTo(server, "tang");
    DecommissionRequest request = request("erase workr2");
    if (needed) {
      assertThatThrownBy(() -> request.host(bound))
          .isInstanceOf(MojoFailureException.class)
          .hasMessageContaining("disks are bound to the Tang server workr2. Take it out");
    } else {
      assertThatCode(() -> request.host(bound)).doesNotThrowAnyException();
    }
  }

  @Test
  void aNamesakeThatIsNoTangServerMayGo() {
    ClusterSpec bound = boundTo("workr2.example.org", "worker");
    assertThatCode(() -> request("erase workr2").host(bound)).doesNotThrowAnyException();
  }

  private static ClusterSpec boundTo(String server, String role) {
    var bound =
        Binder.bind(
            tree(
                "cluster",
                text("name", "stats"),
                tree(
                    "ssh",
                    text("user", "ubuntu"),
                    text("hostKey", "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE")),
                tree("network", text("gateway", "192.168.0.1"), text("nameservers", "192.168.1.1")),
                tree("disk", unlock("http://" + server)),
                tree(
                    "workers",
                    tree(
                        "worker",
                        text("hostname", "workr[1-2]"),
                        text("address", "192.168.64.[1-2]/16"),
                        text("roles", role)))),
            ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }

  private static Element unlock(String url) {
    String thumbprint = "Vb4G-l5A6ruPe-tVUWbXGEbQN7d_dtFWadTSNiBQS28";
    return tree(
        "unlock",
        text("threshold", "1"),
        tree("tang", text("url", url), text("thumbprint", thumbprint)));
  }

  @Test
  void needsADiskToErase() {
    ClusterSpec plain = Clusters.spec("workr[1-3]", "192.168.64.[1-3]/16");
    assertThatThrownBy(() -> goal.options(plain))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageContaining("declares no <disk>");
  }
}
