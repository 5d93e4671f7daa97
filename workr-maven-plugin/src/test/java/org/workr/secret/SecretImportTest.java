package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.secret.Canary.name;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretImportTest {
  @TempDir Path folder;

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "WORKR_STATS_KEYSTORE",
              "KtedRvofPhusNixgBeru",
              "WORKR_STATS_WORKR1_LUKS",
              Canary.VALUE));
  private final Map<String, String> servers =
      new HashMap<>(Map.of("stats.workr2.luks", "from the settings"));

  @Test
  void copiesAllThatAreNamed() throws Exception {
    assertThat(copy("stats.workr1.luks, stats.workr2.luks"))
        .containsExactly(
            "stats.workr1.luks: copied to keystore "
                + file()
                + "; now remove environment variable WORKR_STATS_WORKR1_LUKS, which goes before it",
            "stats.workr2.luks: copied to keystore "
                + file()
                + "; now remove settings.xml, server stats.workr2.luks, which goes before it");

    environment.remove("WORKR_STATS_WORKR1_LUKS");
    servers.clear();
    assertThat(value("stats.workr1.luks")).isEqualTo(Canary.VALUE);
    assertThat(value("stats.workr2.luks")).isEqualTo("from the settings");
  }

  @Test
  void copiesNothingTheSecondTime() throws Exception {
    copy("stats.workr1.luks");
    byte[] once = Files.readAllBytes(file());

    assertThat(copy("stats.workr1.luks"))
        .containsExactly(
            "stats.workr1.luks: in keystore "
                + file()
                + " already; now remove environment variable WORKR_STATS_WORKR1_LUKS, which goes"
                + " before it");
    environment.remove("WORKR_STATS_WORKR1_LUKS");
    assertThat(copy("stats.workr1.luks"))
        .containsExactly("stats.workr1.luks: in keystore " + file() + " already, and nowhere else");
    assertThat(file()).hasBinaryContent(once);
  }

  @Test
  void overwritesNothing() throws Exception {
    copy("stats.workr1.luks");
    environment.put("WORKR_STATS_WORKR1_LUKS", "another-c4nary");

    assertThatThrownBy(() -> copy("stats.workr2.luks,stats.workr1.luks"))
        .isInstanceOf(SecretException.class)
        .hasMessage(
            "workr.import: 'stats.workr1.luks' is in keystore "
                + file()
                + " with another value than environment variable WORKR_STATS_WORKR1_LUKS. Find out"
                + " which one is right (mvn workr:secrets -Dworkr.show=stats.workr1.luks shows that"
                + " of environment variable WORKR_STATS_WORKR1_LUKS). When it is the keystore's,"
                + " remove the other one there.");
    environment.remove("WORKR_STATS_WORKR1_LUKS");
    servers.clear();
    assertThat(value("stats.workr1.luks")).isEqualTo(Canary.VALUE);
    assertThat(copied("stats.workr2.luks")).as("all or none").isFalse();
  }

  @Test
  void refusesWhatIsNoNameOrGivenNowhere() {
    assertThatThrownBy(() -> copy("stats.workr1.luks,"))
        .hasMessageStartingWith("workr.import: '' is not the name of a secret.");
    assertThatThrownBy(() -> copy("stats.workr3.luks"))
        .hasMessageStartingWith(
            "workr.import: 'stats.workr3.luks' is neither in the environment nor in settings.xml."
                + " Set the environment variable WORKR_STATS_WORKR3_LUKS, or");
    environment.put("WORKR_STATS_WORKR1_LUKS_PENDING", "x");
    assertThatThrownBy(() -> copy("stats.workr1.luks.pending"))
        .hasMessageContaining("is neither in the environment");
    assertThatThrownBy(() -> copy("stats.keystore"))
        .hasMessageStartingWith("workr.import: 'stats.keystore' opens the keystore");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aNewKeystoreWantsAStrongPassword() {
    environment.put("WORKR_STATS_KEYSTORE", "weak-c4nary");

    assertThatThrownBy(() -> copy("stats.workr1.luks"))
        .hasMessageContaining("its password is too easy to guess")
        .hasMessageNotContaining("weak-c4nary");
    assertThat(file()).doesNotExist();
  }

  private List<String> copy(String names) throws SecretException {
    try (SecretStore store = store()) {
      return SecretImport.copy(store, names);
    }
  }

  private String value(String secret) throws SecretException {
    try (SecretStore store = store()) {
      return Canary.text(store.find(name(secret)).orElseThrow());
    }
  }

  private boolean copied(String secret) throws SecretException {
    try (SecretStore store = store()) {
      return store.find(name(secret)).isPresent();
    }
  }

  private SecretStore store() {
    return SecretStore.of(
        "stats",
        environment,
        id -> Optional.ofNullable(servers.get(id)).map(String::toCharArray),
        file());
  }

  private Path file() {
    return folder.resolve("workr.p12");
  }
}
