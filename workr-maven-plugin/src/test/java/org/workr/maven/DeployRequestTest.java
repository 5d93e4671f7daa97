package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.engine.Deploying;
import org.workr.spec.ClusterSpec;

class DeployRequestTest {
  private static final ClusterSpec SPEC =
      Clusters.spec(
          "workr[1-2]",
          "192.168.64.[1-2]/16",
          tree("container", text("image", "rocker/geospatial:4.4.2")));

  @TempDir Path folder;

  @Test
  void waitsForNobodyUnlessAsked() throws Exception {
    assertThat(new DeployRequest(false, "0s").deploying())
        .isEqualTo(new Deploying(false, Duration.ZERO));
    assertThat(new DeployRequest(true, "1h").deploying())
        .isEqualTo(new Deploying(true, Duration.ofHours(1)));
    assertThat(new DeployRequest(false, "0s").work(SPEC, folder.resolve("none")).planner())
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "-PT1H", ""})
  void refusesWhatIsNoLengthOfTime(String drain) {
    assertThatThrownBy(() -> new DeployRequest(false, drain).work(SPEC, folder))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageContaining("workr.drain: '" + drain + "'");
  }

  @Test
  void refusesAPomWithoutAContainerAndALockThatIsDamaged() throws Exception {
    ClusterSpec without = Clusters.spec("workr1", "192.168.64.1/16");
    assertThatThrownBy(() -> new DeployRequest(false, "0s").work(without, folder.resolve("none")))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageContaining("declares no <container>");
    Path lock = Files.writeString(folder.resolve("lock"), "image latest\n");
    assertThatThrownBy(() -> new DeployRequest(false, "0s").work(SPEC, lock))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageContaining("lock, line 1: 'latest'");
  }
}
