package org.workr.vault;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.workr.secret.Secret;
import org.workr.secret.SecretStore;
import org.workr.secret.ServerPasswords;
import org.workr.value.SecretName;

/** What tests of this package keep. */
final class Kept {
  /** With what a shell and a wrong character set stumble over. */
  static final String PASSWORD = "Kted\"Rvof $Phus 'Nixg\\Beru";

  private Kept() {}

  static SecretStore store(Path folder) {
    return store(folder, Map.of("WORKR_STATS_KEYSTORE", PASSWORD));
  }

  static SecretStore store(Path folder, Map<String, String> environment) {
    return SecretStore.of(
        "stats", environment, ServerPasswords.none(), folder.resolve("workr.p12"));
  }

  static Secret secret(String value) {
    return Secret.take(new SecretName("stats.keystore"), value.toCharArray());
  }

  /** As long as that of LUKS2, with a word in it that must not show. */
  static byte[] header(int seed) {
    byte[] header = new byte[16 << 20];
    new Random(seed).nextBytes(header);
    byte[] canary = "LUKS-c4nary".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(canary, 0, header, 0, canary.length);
    return header;
  }
}
