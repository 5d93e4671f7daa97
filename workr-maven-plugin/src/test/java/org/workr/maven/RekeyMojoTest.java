package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.binding.Element;
import org.workr.capability.disk.Rekey;
import org.workr.engine.Rolling;
import org.workr.engine.SampleCluster;
import org.workr.engine.Share;
import org.workr.engine.Workr;
import org.workr.secret.ServerPasswords;
import org.workr.spec.ClusterSpec;

class RekeyMojoTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final ClusterSpec PLAIN = spec(tree("disk"));
  private static final ClusterSpec NO_DISK = Clusters.spec("workr[1-3]", "192.168.64.[1-3]/16");
  private static final ClusterSpec QUARTERLY = spec(tree("disk", text("rekeyEvery", "90d")));

  @TempDir Path folder;
  private final List<String> lines = new ArrayList<>();
  private final RekeyMojo goal = new RekeyMojo(ServerPasswords.none(), Map.of());

  @BeforeEach
  void prepare() {
    goal.output = folder.resolve("out").toFile();
    goal.basedir = folder.toFile();
    goal.keystore = folder.resolve("workr.p12").toFile();
    goal.forks = 3;
    goal.setLog(
        new SystemStreamLog() {
          @Override
          public void info(CharSequence content) {
            lines.add(content.toString());
          }
        });
  }

  private static ClusterSpec spec(Element disk) {
    return Clusters.spec("workr[1-3]", "192.168.64.[1-3]/16", disk);
  }

  private static Rekey rekey(String parts, @Nullable String olderThan, ClusterSpec spec)
      throws MojoFailureException {
    return new RekeyRequest(parts, olderThan, false).rekey(spec, NOW);
  }

  @Test
  void replacesEverythingThatIsOlderThanADayUnlessThePomSaysOtherwise() throws Exception {
    assertThat(goal.rekey).isEqualTo("passphrase,binding,volumeKey");
    Rekey rekey = rekey(goal.rekey, null, PLAIN);
    assertThat(rekey.parts()).isEqualTo(EnumSet.complementOf(EnumSet.of(Rekey.Part.TANG)));
    assertThat(rekey.before()).isEqualTo(NOW.minus(Duration.ofDays(1)));
    assertThat(rekey.rehearse()).isFalse();

    assertThat(rekey(goal.rekey, null, QUARTERLY).before())
        .isEqualTo(NOW.minus(Duration.ofDays(90)));
    assertThat(rekey(goal.rekey, "12h", QUARTERLY).before())
        .isEqualTo(NOW.minus(Duration.ofHours(12)));
    assertThat(new RekeyRequest(goal.rekey, "0s", true).rekey(PLAIN, NOW))
        .isEqualTo(new Rekey(rekey.parts(), NOW, true));
  }

  @Test
  void replacesOnlyWhatIsNamed() throws Exception {
    assertThat(rekey(" binding , volumeKey,binding", null, PLAIN).parts())
        .containsExactlyInAnyOrder(Rekey.Part.BINDING, Rekey.Part.VOLUME_KEY);
  }

  @Test
  void tangServersNeedNoEncryptedDisks() throws Exception {
    assertThat(rekey("tang", null, NO_DISK).parts()).containsExactly(Rekey.Part.TANG);
    assertThat(goal.rekey).as("unless asked for").doesNotContain("tang");
  }

  @ParameterizedTest
  @CsvSource({"'passphrase,key',key", "volumekey,volumekey", "'binding,',''", "'',''"})
  void refusesAWordThatIsNone(String parts, String word) {
    assertThatThrownBy(() -> rekey(parts, null, PLAIN))
        .isInstanceOf(MojoFailureException.class)
        .hasMessage(
            "workr.rekey: '"
                + word
                + "' is nothing that can be replaced. Use one or more of passphrase, binding,"
                + " volumeKey and tang, with commas between them.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "PT-5M"})
  void refusesAnAgeThatIsNone(String age) {
    assertThatThrownBy(() -> rekey("binding", age, PLAIN))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith("workr.olderThan: '" + age + "' ");
  }

  @Test
  void passesOnHowCarefully() throws Exception {
    assertThat(goal.rolling()).isEqualTo(new Rolling(true, Share.parse("25%"), 1));
    goal.canary = false;
    goal.maxUnavailable = "3";
    goal.maxFailures = 2;
    assertThat(goal.rolling()).isEqualTo(new Rolling(false, Share.parse("3"), 2));
  }

  @Test
  void passesOnWhetherToWait() throws Exception {
    assertThat(goal.options(PLAIN).attach()).isTrue();
    goal.wait = "false";
    assertThat(goal.options(PLAIN).attach()).isFalse();
    goal.wait = "5m"; // as it was once said
    assertThatThrownBy(() -> goal.options(PLAIN))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith("workr.wait: '5m' is neither true nor false.")
        .hasMessageEndingWith("workr.patience.");
  }

  /** Were it later, what is missing for a connection would be said instead. */
  @Test
  void saysWhatIsWrongBeforeItLooksForAnything() {
    goal.cluster = Clusters.declaring("workr[1-3]", "192.168.64.[1-3]/16");
    assertThatThrownBy(goal::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith("workr:rekey: the pom declares no <disk> in <cluster>");

    goal.cluster = Clusters.declaring("workr[1-3]", "192.168.64.[1-3]/16", tree("disk"));
    goal.maxFailures = 0;
    assertThatThrownBy(goal::execute)
        .hasMessageStartingWith("workr.maxFailures: no host would be begun after '0' failures.");
    goal.maxUnavailable = "none";
    assertThatThrownBy(goal::execute)
        .hasMessageStartingWith("workr.maxUnavailable: 'none' is no share of the hosts.");
  }

  @Test
  void succeedsWhenEveryHostIsDone() throws Exception {
    SampleCluster cluster = new SampleCluster(folder, 2).answering(1).answering(2).asDeclared();
    run(cluster);
    assertThat(lines)
        .contains(
            "The keys of all 2 hosts are as young as they were to be, nothing had to change.");
  }

  @Test
  void reportsOnEveryHostAndFailsWhenOneIsNotDone() throws Exception {
    SampleCluster cluster = new SampleCluster(folder, 3).answering(1).answering(2).answering(3);
    assertThatThrownBy(() -> run(cluster))
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("Not every host has the keys that it was to have; see above.");
    assertThat(List.of("report.json", "junit.xml", "report.html"))
        .allSatisfy(
            name ->
                assertThat(folder.resolve("out").resolve(name))
                    .content()
                    .contains(cluster.names()));
    assertThat(lines)
        .anyMatch(line -> line.matches("h3 +skipped .*because h1, which goes first, failed"));
  }

  private void run(SampleCluster cluster) throws Exception {
    try (Workr workr = cluster.workr()) {
      goal.run(cluster.spec(), workr);
    }
  }
}
