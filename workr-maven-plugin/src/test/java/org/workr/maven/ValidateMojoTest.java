package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.workr.Elements;
import org.workr.binding.Element;
import org.workr.secret.ServerPasswords;

class ValidateMojoTest {
  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> environment =
      Map.of(
          "WORKR_STATS_WORKR1_LOGIN", "KtedRvofPhusNixg",
          "WORKR_STATS_WORKR2_LOGIN", "BeruVotkXdneGsif",
          "WORKR_STATS_WORKR3_LOGIN", "NixgBeruVotkXdne");
  private final ValidateMojo goal = new ValidateMojo(ServerPasswords.none(), environment);

  @BeforeEach
  void listen() {
    goal.setLog(recorder(lines));
    goal.packaging = "workr-cluster";
  }

  @Test
  void countsTheHostsOfAValidCluster() throws Exception {
    goal.cluster = Clusters.declaring("workr[1-3]", "192.168.64.[1-3]/16");
    goal.execute();
    assertThat(lines)
        .containsExactly(
            "info secret stats.workr1.login: from environment variable WORKR_STATS_WORKR1_LOGIN",
            "info secret stats.workr2.login: from environment variable WORKR_STATS_WORKR2_LOGIN",
            "info secret stats.workr3.login: from environment variable WORKR_STATS_WORKR3_LOGIN",
            "info Cluster 'stats' is valid: 3 hosts.");
  }

  @Test
  void missesSecrets() {
    ValidateMojo bare = new ValidateMojo(ServerPasswords.none(), Map.of());
    bare.setLog(recorder(lines));
    bare.cluster = Clusters.declaring("workr[1-3]", "192.168.64.[1-3]/16");

    assertThatThrownBy(bare::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("The cluster's set of secrets has 3 errors, listed above.");
    assertThat(lines)
        .hasSize(3)
        .allMatch(line -> line.startsWith("error secret stats.workr"))
        .first()
        .asString()
        .startsWith(
            "error secret stats.workr1.login: it is not given (becomes the login password of ubuntu"
                + " on workr1). Set the environment variable WORKR_STATS_WORKR1_LOGIN,");
  }

  @Test
  void listsAllErrorsAndFails() {
    goal.cluster =
        Elements.tree(
            "cluster",
            Elements.text("nmae", "stats"),
            Elements.text("ssh", ""),
            Elements.text("workers", ""));
    MojoFailureException failure = catchThrowableOfType(MojoFailureException.class, goal::execute);
    List<String> errors = lines.stream().filter(line -> line.startsWith("error ")).toList();
    assertThat(errors).hasSizeGreaterThan(2).allMatch(line -> line.startsWith("error cluster."));
    assertThat(failure).hasMessage("<cluster> has " + errors.size() + " errors, listed above.");
  }

  @Test
  void skipsWhenTold() throws Exception {
    goal.skip = true;
    goal.cluster = Element.empty("cluster");
    goal.execute();
    assertThat(lines).containsExactly("info Skipped, because workr.skip is set.");
  }

  @Test
  void skipsAModuleOfAnotherPackaging() throws Exception {
    goal.packaging = "pom";
    goal.execute();
    assertThat(lines).containsExactly("info Nothing to do: this module declares no <cluster>.");
  }

  @Test
  void missesTheClusterInAModuleThatIsOne() {
    assertThatThrownBy(goal::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("<cluster> has 1 error, listed above.");
    assertThat(lines)
        .containsExactly(
            "error cluster: is missing. A module with the packaging 'workr-cluster' declares one in"
                + " the <configuration> of workr-maven-plugin.");
  }

  private static Log recorder(List<String> lines) {
    return new SystemStreamLog() {
      @Override
      public void info(CharSequence content) {
        lines.add("info " + content);
      }

      @Override
      public void warn(CharSequence content) {
        // What deserves a warning is the model's affair.
      }

      @Override
      public void error(CharSequence content) {
        lines.add("error " + content);
      }
    };
  }
}
