package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.secret.ServerPasswords;

class SecretsMojoTest {
  private static final String KEYSTORE_PASSWORD = "NixgBeruVotkXdneGsif";

  @TempDir Path folder;

  private final List<String> lines = new ArrayList<>();
  private final Map<String, String> environment =
      new HashMap<>(Map.of("WORKR_STATS_KEYSTORE", KEYSTORE_PASSWORD));

  @Test
  void makesUpWhatIsMissingOnceAndShowsNothing() throws Exception {
    goal().execute();
    assertThat(lines)
        .contains("stats.workr1.login: made up, in keystore workr.p12")
        .contains("stats.workr1.luks: made up, in keystore workr.p12");
    lines.clear();
    goal().execute();
    assertThat(lines).contains("stats.workr1.luks: from keystore workr.p12");

    lines.clear();
    String secret = shown("stats.workr1.luks");
    assertThat(secret).matches("([A-Z][a-z]{3}){8}\n");
    assertThat(lines)
        .containsExactly("'stats.workr1.luks' was written to " + folder.resolve("out") + ".");
  }

  @Test
  void saysThatThereIsNoSuchSecret() {
    SecretsMojo goal = goal();
    goal.show = "stats.workr1.luck";

    assertThatThrownBy(goal::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage(
            "workr.show: 'stats.workr1.luck' is in none of: environment, settings.xml, keystore"
                + " workr.p12. mvn workr:secrets lists the names that this cluster uses.");
  }

  @Test
  void saysThatItIsNoNameOfASecret() {
    SecretsMojo goal = goal();
    goal.show = "WORKR_STATS_LUKS";

    assertThatThrownBy(goal::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith("workr.show: 'WORKR_STATS_LUKS' is not the name of a secret.");
  }

  @Test
  void copiesWhatIsGivenElsewhereIntoTheKeystore() throws Exception {
    environment.put("WORKR_STATS_WORKR1_LUKS", "given-c4nary");
    SecretsMojo goal = goal();
    goal.copy = "stats.workr1.luks";
    goal.execute();
    assertThat(lines)
        .containsExactly(
            "stats.workr1.luks: copied to keystore "
                + folder.resolve("workr.p12")
                + "; now remove environment variable WORKR_STATS_WORKR1_LUKS, which goes before it");

    environment.remove("WORKR_STATS_WORKR1_LUKS");
    assertThat(shown("stats.workr1.luks")).isEqualTo("given-c4nary\n");
  }

  @Test
  void copiesNothingWhenNothingIsGiven() {
    SecretsMojo goal = goal();
    goal.copy = "stats.workr1.luks";

    assertThatThrownBy(goal::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith(
            "workr.import: 'stats.workr1.luks' is neither in the environment nor in settings.xml.");
    assertThat(folder.resolve("workr.p12")).doesNotExist();
  }

  private String shown(String name) throws Exception {
    SecretsMojo goal = goal();
    goal.show = name;
    goal.export = folder.resolve("out").toFile();
    goal.execute();
    return Files.readString(folder.resolve("out"));
  }

  private SecretsMojo goal() {
    SecretsMojo goal = new SecretsMojo(ServerPasswords.none(), environment);
    goal.setLog(
        new SystemStreamLog() {
          @Override
          public void info(CharSequence content) {
            lines.add(content.toString());
          }
        });
    goal.packaging = "workr-cluster";
    goal.keystore = folder.resolve("workr.p12").toFile();
    goal.cluster =
        tree(
            "cluster",
            text("name", "stats"),
            tree(
                "ssh",
                text("user", "ubuntu"),
                text("hostKey", "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE")),
            tree("network", text("nameservers", "192.168.1.1")),
            tree("disk", text("rekeyEvery", "90d")),
            tree(
                "workers",
                tree("worker", text("hostname", "workr1"), text("address", "192.168.64.1/16"))));
    return goal;
  }
}
