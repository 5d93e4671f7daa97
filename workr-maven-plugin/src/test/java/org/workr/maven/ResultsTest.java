package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.workr.Elements;
import org.workr.engine.SampleCluster;
import org.workr.engine.Workr;
import org.workr.output.PlanJson;
import org.workr.secret.ServerPasswords;

/** What goals leave under {@code target/workr}, and what they do not leave there. */
class ResultsTest {
  private static final Instant BEGUN = Instant.parse("2026-11-21T10:00:00Z");
  private static final List<String> REPORTS = List.of("report.json", "junit.xml", "report.html");
  private static final List<String> OTHERS = List.of("journal.jsonl", "mine.txt");

  @TempDir Path folder;
  private Path output;
  private SampleCluster cluster;

  @BeforeEach
  void prepare() throws Exception {
    output = Files.createDirectories(folder.resolve("target/workr"));
    cluster = new SampleCluster(Files.createDirectory(folder.resolve("hosts")), 3);
  }

  @Test
  void provisionReportsOnEveryHost() throws Exception {
    cluster.asDeclared().answering(1).answering(2).answering(3);
    run(new ProvisionMojo(ServerPasswords.none(), Map.of()));
    assertReportsNameEveryHost();
  }

  @Test
  void provisionReportsOnEveryHostWhenOneIsDead() throws Exception {
    cluster.asDeclared().answering(1).answering(3);
    assertThatThrownBy(() -> run(new ProvisionMojo(ServerPasswords.none(), Map.of())))
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("Not every host is as declared; see above.");
    assertReportsNameEveryHost();
    assertThat(output.resolve("junit.xml")).content().containsOnlyOnce("<error ");
  }

  private void assertReportsNameEveryHost() {
    assertThat(REPORTS)
        .allSatisfy(name -> assertThat(output.resolve(name)).content().contains(cluster.names()));
  }

  @Test
  void planWritesThePlanOfEachHostThatCouldBeLookedAt() throws Exception {
    cluster.answering(1).answering(3);
    assertThatThrownBy(() -> run(new PlanMojo(ServerPasswords.none(), Map.of())))
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("Not every host could be planned for; see above.");
    assertThat(PlanJson.read(output.resolve("plan.json")).hosts())
        .extracting(host -> host.host().value())
        .containsExactly("h1", "h3");
  }

  private void run(ConnectedMojo goal) throws Exception {
    silence(goal).output = output.toFile();
    try (Workr workr = cluster.workr()) {
      goal.run(cluster.spec(), workr);
    }
  }

  static Stream<ConnectedMojo> goals() {
    return Stream.of(
        new ValidateMojo(ServerPasswords.none(), Map.of()),
        new PlanMojo(ServerPasswords.none(), Map.of()),
        new ProvisionMojo(ServerPasswords.none(), Map.of()),
        new RekeyMojo(ServerPasswords.none(), Map.of()));
  }

  /** As a pipeline would show the green results of the run before. */
  @ParameterizedTest
  @MethodSource("goals")
  void aRunThatEndsForWantOfSecretsLeavesNoResultsOfAnEarlierOne(ConnectedMojo goal)
      throws Exception {
    leave(BEGUN.minusMillis(1));
    goal.cluster = Clusters.declaring("workr[1-3]", "192.168.64.[1-3]/16", Elements.tree("disk"));
    assertThatThrownBy(() -> execute(goal)).hasMessageContaining("set of secrets has 6 errors");
    assertThat(left()).containsExactlyInAnyOrderElementsOf(OTHERS);
  }

  @ParameterizedTest
  @MethodSource("goals")
  void neitherDoesOneThatEndsAtTheErrorsOfThePom(ConnectedMojo goal) throws Exception {
    leave(BEGUN.minusMillis(1));
    goal.cluster = Elements.tree("cluster");
    assertThatThrownBy(() -> execute(goal)).hasMessageStartingWith("<cluster> has ");
    assertThat(left()).containsExactlyInAnyOrderElementsOf(OTHERS);

    leave(BEGUN.minusMillis(1));
    goal.cluster = null;
    goal.packaging = "workr-cluster";
    assertThatThrownBy(() -> execute(goal)).hasMessage("<cluster> has 1 error, listed above.");
    assertThat(left()).containsExactlyInAnyOrderElementsOf(OTHERS);
  }

  @ParameterizedTest
  @MethodSource("goals")
  void whatAnEarlierGoalOfTheSameRunOfMavenFoundStays(ConnectedMojo goal) throws Exception {
    leave(BEGUN);
    goal.cluster = Elements.tree("cluster");
    assertThatThrownBy(() -> execute(goal)).hasMessageStartingWith("<cluster> has ");
    assertThat(left()).contains("plan.json").containsAll(REPORTS).containsAll(OTHERS);
  }

  @ParameterizedTest
  @MethodSource("goals")
  void aGoalThatDoesNothingRemovesNothing(ConnectedMojo goal) throws Exception {
    leave(BEGUN.minusMillis(1));
    execute(goal); // declares no cluster
    goal.cluster = Elements.tree("cluster");
    goal.skip = true;
    execute(goal);
    assertThat(left()).contains("plan.json").containsAll(REPORTS).containsAll(OTHERS);
  }

  private void execute(ConnectedMojo goal) throws MojoFailureException {
    silence(goal).output = output.toFile();
    goal.basedir = folder.toFile();
    goal.keystore = folder.resolve("workr.p12").toFile();
    goal.started = Date.from(BEGUN);
    goal.forks = 1;
    goal.execute();
  }

  private static ConnectedMojo silence(ConnectedMojo goal) {
    goal.setLog(
        new SystemStreamLog() {
          @Override
          public void info(CharSequence content) {
            // Not what this is about.
          }

          @Override
          public void error(CharSequence content) {
            // As above.
          }
        });
    return goal;
  }

  /** All results and some other files, written at {@code time}. */
  private void leave(Instant time) throws IOException {
    for (String name :
        Stream.of(REPORTS, OTHERS, List.of("plan.json")).flatMap(List::stream).toList()) {
      Path file = Files.writeString(output.resolve(name), "green");
      Files.setLastModifiedTime(file, FileTime.from(time));
    }
  }

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(output)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.startsWith(".")) // the lock stays
          .toList();
    }
  }
}
