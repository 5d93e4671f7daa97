package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.tree;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.engine.RunOptions;
import org.workr.engine.SampleCluster;
import org.workr.engine.Workr;
import org.workr.facts.Fact;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;
import org.workr.value.Hostname;

class PlanMojoTest {
  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();
  private final PlanMojo goal = new PlanMojo(ServerPasswords.none(), Map.of());
  private SampleCluster cluster;

  @BeforeEach
  void prepare() throws Exception {
    cluster = new SampleCluster(folder, 2).answering(1).answering(2);
    goal.output = folder.resolve("out").toFile();
    goal.setLog(
        new SystemStreamLog() {
          @Override
          public void info(CharSequence content) {
            lines.add(content.toString());
          }
        });
  }

  @Test
  void showsWhatWouldChangeAndSucceeds() throws Exception {
    run();
    assertThat(String.join("\n", lines)).contains(cluster.names()).contains("greeting", "hello");
  }

  @Test
  void failsOnAChangeWhenToldTo() {
    goal.failOnChange = true;
    assertThatThrownBy(this::run)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("The hosts are not as declared: run mvn workr:provision, or change the pom.");
    assertThat(folder.resolve("out/plan.json")).exists();
  }

  @Test
  void doesNotFailWhenThereIsNoChange() throws Exception {
    cluster.asDeclared();
    goal.failOnChange = true;
    run();
    assertThat(folder.resolve("out/plan.json")).exists();
  }

  @Test
  void passesOnWhichHostsHowManyAtOnceAndHowLongToWait() throws Exception {
    goal.limit = "h2";
    goal.forks = 7;
    goal.patience = "3m";
    assertThat(goal.options(cluster.spec()))
        .isEqualTo(new RunOptions(Set.of(new Hostname("h2")), 7, Duration.ofMinutes(3), true));
  }

  @Test
  void showsWhatARekeyWouldReplace() throws Exception {
    ClusterSpec spec = Clusters.spec("workr1", "192.168.64.1/16", tree("disk"));
    assertThat(looksInto(spec)).contains("packages.units", "disk.state");
    goal.rekey = "passphrase";
    assertThat(looksInto(spec)).contains("disk.state").doesNotContain("packages.units");
    assertThat(goal.work(spec).replacesPassphrases()).isTrue();
    goal.rekey = "everything";
    assertThatThrownBy(() -> goal.work(spec)).hasMessageStartingWith("workr.rekey: 'everything'");
  }

  @Test
  void showsTheRestartOfARehearsal() throws Exception {
    ClusterSpec spec = Clusters.spec("workr1", "192.168.64.1/16", tree("disk"));
    goal.rekey = "passphrase";
    assertThat(looksInto(spec)).doesNotContain("restart.pending");
    goal.rehearse = true;
    assertThat(looksInto(spec)).contains("restart.pending");
  }

  @Test
  void saysWithWhichGoalKeysAreReplaced() {
    goal.failOnChange = true;
    goal.rekey = "passphrase";
    assertThatThrownBy(this::run).hasMessage("Keys are to be replaced: run mvn workr:rekey.");
  }

  private List<String> looksInto(ClusterSpec spec) throws MojoFailureException {
    return goal.work(spec).planner().facts(spec, spec.hosts().get(0)).stream()
        .map(Fact::id)
        .toList();
  }

  private void run() throws Exception {
    try (Workr workr = cluster.workr()) {
      goal.run(cluster.spec(), workr);
    }
  }
}
