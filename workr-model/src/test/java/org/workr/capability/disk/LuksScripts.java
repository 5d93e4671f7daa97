package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of scripts about LUKS have in common: a real header in a folder of their own. */
abstract class LuksScripts {
  static final String FAST = "--pbkdf pbkdf2 --pbkdf-force-iterations 1000";
  static final String UUID = "5b1e6c3a-8d27-4f0c-9a64-2c7d1f0e9b35";
  static final String CLEVIS = "\"type\":\"clevis\",\"keyslots\":[\"1\"]";
  @TempDir Path folder;
  LuksFile machine;

  @BeforeEach
  void machine() throws IOException {
    machine = new LuksFile(folder);
  }

  void add(String passphrase) {
    prepare(
        "IFS= read -r t; IFS= read -r p; printf '%s\\n%s\\n' \"$t\" \"$p\" |"
            + " cryptsetup luksAddKey -q "
            + FAST
            + " DISK",
        LuksFile.TEMPLATE,
        passphrase);
  }

  void token(String type, String keyslots) {
    prepare(
        "cryptsetup token import --json-file - DISK",
        "{\"type\":\"" + type + "\",\"keyslots\":[" + keyslots + "]}");
  }

  void prepare(String script, String... lines) {
    LuksFile.Ran ran = machine.shell(script, lines);
    assertThat(ran.status()).as(ran.errors()).isZero();
  }

  String said(String command) {
    LuksFile.Ran ran = script(command);
    assertThat(ran.status()).as(ran.errors()).isZero();
    return ran.output();
  }

  LuksFile.Ran script(String body, String... lines) {
    return machine.shell(LuksShell.script(UUID, body), lines);
  }

  /** A script that wants the passphrase in P, as the plan's steps give it. */
  LuksFile.Ran withPassphrase(String body, String passphrase) {
    return script("IFS= read -r P\n" + body, passphrase);
  }

  /** Binds it, and keeps the proof of the unattended start. */
  LuksFile.Ran bind() {
    String bind = BindingChange.BIND.replace("POLICY", "'{}'").replace("UNLOCK", "");
    return withPassphrase(bind, LuksFile.TEMPLATE);
  }
}
