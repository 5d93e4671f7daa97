package org.workr.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.workr.secret.Canary.name;
import static org.workr.secret.Canary.secret;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.diagnostic.Diagnostic;
import org.workr.value.SecretName;

class SecretStoreTest {
  private static final SecretName LUKS = name("stats.workr1.luks");

  @TempDir Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private final Map<String, String> servers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  @Test
  void theFirstPlaceWins() throws Exception {
    putInKeystore("from the keystore");
    assertThat(find(LUKS)).contains("from the keystore");
    assertThat(origin(LUKS)).contains("keystore workr.p12");

    servers.put("stats.workr1.luks", "from the settings");
    assertThat(find(LUKS)).contains("from the settings");
    assertThat(origin(LUKS)).contains("settings.xml, server stats.workr1.luks");

    environment.put("WORKR_STATS_WORKR1_LUKS", Canary.VALUE);
    assertThat(find(LUKS)).contains(Canary.VALUE);
    assertThat(origin(LUKS)).contains("environment variable WORKR_STATS_WORKR1_LUKS");
  }

  @Test
  void nothingIsDecryptedThatIsNotAskedFor() throws Exception {
    servers.put("stats.workr1.luks", "x");
    servers.put("stats.workr2.luks", "y");
    environment.put("WORKR_STATS_WORKR3_LUKS", "z");
    try (SecretStore store = store()) {
      store.find(LUKS);
      store.find(name("stats.workr3.luks"));
    }

    assertThat(asked).containsExactly("stats.workr1.luks");
  }

  @Test
  void anEmptyVariableIsNone() throws Exception {
    environment.put("WORKR_STATS_WORKR1_LUKS", "");
    servers.put("stats.workr1.luks", "from the settings");

    assertThat(find(LUKS)).contains("from the settings");
  }

  @Test
  void whatIsNowhereIsEmpty() throws Exception {
    assertThat(find(LUKS)).isEmpty();
    assertThat(origin(LUKS)).isEmpty();
  }

  @Test
  void aKeystoreWithoutItsPasswordIsUnknownNotEmpty() throws Exception {
    putInKeystore("x");
    environment.clear();

    assertThatThrownBy(() -> find(LUKS))
        .isInstanceOf(SecretException.class)
        .hasMessage(
            "keystore "
                + file()
                + ": its password is not given. Set the environment variable"
                + " WORKR_STATS_KEYSTORE, or add to settings.xml a <server> with the id"
                + " stats.keystore and the password.");
  }

  @Test
  void theKeystoreIsOnlyOpenedForWhatIsNowhereElse() throws Exception {
    putInKeystore("x");
    environment.put("WORKR_STATS_KEYSTORE", "wr0ng-canary");
    environment.put("WORKR_STATS_WORKR1_LUKS", Canary.VALUE);

    assertThat(find(LUKS)).contains(Canary.VALUE);
    assertThatThrownBy(() -> find(name("stats.workr2.luks")))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("'stats.keystore' does not open it")
        .hasMessageNotContaining("wr0ng-canary");
  }

  @Test
  void theKeystoresPasswordMayBeAServers() throws Exception {
    putInKeystore("from the keystore");
    environment.clear();
    servers.put("stats.keystore", "keystore-p4ssword");

    assertThat(find(LUKS)).contains("from the keystore");
  }

  @Test
  void aServerThatCannotBeDecryptedEndsTheSearch() {
    SecretStore store =
        SecretStore.of(
            "stats",
            environment,
            id -> {
              throw new SecretException(Diagnostic.error("settings.xml", "cannot", "Do."));
            },
            file());

    assertThatThrownBy(() -> store.find(LUKS)).hasMessage("settings.xml: cannot. Do.");
  }

  @Test
  void noPartOfItPrintsAValue() throws Exception {
    environment.put("WORKR_STATS_WORKR1_LUKS", Canary.VALUE);
    try (SecretStore store = store()) {
      assertThat(
              store
                  + " "
                  + new EnvironmentSource(environment)
                  + " "
                  + new SettingsSource(this::password)
                  + store.origin(LUKS)
                  + store.find(LUKS)
                  + store.locate(List.of(LUKS)))
          .doesNotContain("c4n");
    }
  }

  @Test
  void saysTheThreeWays() {
    assertThat(store().ways(LUKS))
        .isEqualTo(
            "Set the environment variable WORKR_STATS_WORKR1_LUKS, or add to settings.xml a"
                + " <server> with the id stats.workr1.luks and the password, or put it into the"
                + " keystore workr.p12");
  }

  private void putInKeystore(String value) throws SecretException {
    environment.put("WORKR_STATS_KEYSTORE", "keystore-p4ssword");
    try (SecretStore store = store()) {
      store.keystore().add(List.of(secret("stats.workr1.luks", value)));
    }
  }

  private Optional<String> find(SecretName name) throws SecretException {
    try (SecretStore store = store()) {
      return store.find(name).map(Canary::text);
    }
  }

  private Optional<String> origin(SecretName name) throws SecretException {
    try (SecretStore store = store()) {
      return store.origin(name).map(Origin::toString);
    }
  }

  private SecretStore store() {
    return SecretStore.of("stats", environment, this::password, file());
  }

  private Optional<char[]> password(String id) {
    asked.add(id);
    return Optional.ofNullable(servers.get(id)).map(String::toCharArray);
  }

  private Path file() {
    return folder.resolve("workr.p12");
  }
}
