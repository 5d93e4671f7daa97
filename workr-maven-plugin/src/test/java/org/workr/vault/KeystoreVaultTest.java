package org.workr.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.engine.Vault;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.Secret;
import org.workr.secret.SecretReplacer;
import org.workr.secret.SecretStore;
import org.workr.value.SecretName;

class KeystoreVaultTest {
  private static final SecretName LUKS = new SecretName("stats.workr1.luks");

  @TempDir Path folder;

  @Test
  void aSecretIsMadePromotedAndForgotten() throws Exception {
    try (SecretStore store = Kept.store(folder)) {
      store.keystore().add(List.of(Secret.take(LUKS, "old".toCharArray())));
      try (ClusterSecrets secrets = ClusterSecrets.load(store, List.of())) {
        Vault vault = new KeystoreVault(secrets, new SecretReplacer(store, secrets));
        assertThat(vault.find(LUKS.pending())).isEmpty();

        vault.makePending(LUKS);
        String made = text(vault, LUKS.pending()).orElseThrow();
        vault.promote(LUKS);
        assertThat(text(vault, LUKS)).contains(made);
        assertThat(text(vault, LUKS.current())).contains("old");
        assertThat(vault.find(LUKS.pending())).isEmpty();

        vault.forget(LUKS.current());
        assertThat(vault.find(LUKS.current())).isEmpty();
        assertThat(store.keystore().names()).containsExactly(LUKS);
      }
    }
  }

  @Test
  void whatCannotBeStoredIsSaidInWords() throws Exception {
    try (SecretStore store = Kept.store(folder, Map.of("WORKR_STATS_WORKR1_LUKS", "given-c4nary"));
        ClusterSecrets secrets = ClusterSecrets.load(store, List.of())) {
      Vault vault = new KeystoreVault(secrets, new SecretReplacer(store, secrets));

      assertThatThrownBy(() -> vault.makePending(LUKS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "secret stats.workr1.luks: it is given as environment variable"
                  + " WORKR_STATS_WORKR1_LUKS, where workr cannot store what replaces it.")
          .hasMessageNotContaining("c4nary");
      Files.writeString(folder.resolve("workr.p12"), "broken");
      assertThatThrownBy(() -> vault.promote(LUKS)).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(() -> vault.forget(LUKS))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("its password is not given");
      assertThat(folder.resolve("workr.p12")).hasContent("broken");
    }
  }

  private static Optional<String> text(Vault vault, SecretName name) {
    return vault.find(name).map(secret -> new String(secret.copy()));
  }
}
