package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.tree;

import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
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
  void needsADiskToErase() {
    ClusterSpec plain = Clusters.spec("workr[1-3]", "192.168.64.[1-3]/16");
    assertThatThrownBy(() -> goal.options(plain))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageContaining("declares no <disk>");
  }
}
