package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.secret.Canary.name;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.Hostname;
import org.workr.value.SecretKind;
import org.workr.value.SecretName;
import org.workr.value.SecretNeed;

class SecretMakerTest {
  private static final List<SecretNeed> NEEDS =
      List.of(
          need("stats.luks.current", false, false),
          need("stats.tailscale", true, false),
          need("stats.workr1.luks", true, true),
          need("stats.workr2.luks", true, true));

  @TempDir Path folder;

  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "WORKR_STATS_KEYSTORE", "KtedRvofPhusNixgBeru", "WORKR_STATS_WORKR2_LUKS", "given"));

  @Test
  void makesUpWhatIsMissingAndSaysWhereEverythingIs() throws Exception {
    SecretMaker.Made made = make();

    assertThat(made.made()).containsExactly(name("stats.workr1.luks"));
    assertThat(made.lines())
        .containsExactly(
            "stats.luks.current: not given: for x",
            "stats.tailscale: MISSING: for x",
            "stats.workr1.luks: made up, in keystore workr.p12",
            "stats.workr2.luks: from environment variable WORKR_STATS_WORKR2_LUKS");
    String value = value("stats.workr1.luks");
    assertThat(value).matches("([A-Z][a-z]{3}){8}");
    assertThat(made.toString()).doesNotContain(value);
  }

  @Test
  void makesNothingTheSecondTime() throws Exception {
    make();
    String first = value("stats.workr1.luks");

    SecretMaker.Made again = make();

    assertThat(again.made()).isEmpty();
    assertThat(again.lines()).contains("stats.workr1.luks: from keystore workr.p12");
    assertThat(value("stats.workr1.luks")).isEqualTo(first);
  }

  @Test
  void theMadeOnesPassTheCheck() throws Exception {
    make();

    try (SecretStore store = store();
        ClusterSecrets secrets = ClusterSecrets.load(store, List.of(NEEDS.get(2)))) {
      assertThat(SecretCheck.check(secrets, store, List.of("stats"))).isEmpty();
    }
  }

  @Test
  void saysHowToGiveTheKeystoresPassword() {
    environment.remove("WORKR_STATS_KEYSTORE");

    assertThatThrownBy(this::make)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("WORKR_STATS_KEYSTORE")
        .hasMessageContaining("<server> with the id stats.keystore");
    assertThat(folder.resolve("workr.p12")).doesNotExist();
  }

  @Test
  void aNewKeystoreWantsAStrongPassword() {
    environment.put("WORKR_STATS_KEYSTORE", "weak-c4nary");

    assertThatThrownBy(this::make)
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("its password is too easy to guess")
        .hasMessageNotContaining("weak-c4nary");
    assertThat(folder.resolve("workr.p12")).doesNotExist();
  }

  private SecretMaker.Made make() throws SecretException {
    try (SecretStore store = store()) {
      return new SecretMaker(store).make(NEEDS);
    }
  }

  private String value(String secret) throws SecretException {
    try (SecretStore store = store()) {
      return Canary.text(store.find(name(secret)).orElseThrow());
    }
  }

  private SecretStore store() {
    return SecretStore.of(
        "stats", environment, ServerPasswords.none(), folder.resolve("workr.p12"));
  }

  private static SecretNeed need(String name, boolean required, boolean installed) {
    return new SecretNeed(
        List.of(new SecretName(name)),
        Optional.of(new Hostname("workr1")),
        SecretKind.DISK_PASSPHRASE,
        required,
        installed,
        "for x");
  }
}
