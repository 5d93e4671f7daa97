package org.workr.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.secret.Canary.secret;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program that docs/adr/0020-secrets.md gives to whoever has the keystore and not workr. */
class KeystoreWithoutWorkrTest {
  @TempDir Path folder;

  @Test
  void opensTheKeystore() throws Exception {
    try (Keystore keystore =
        Keystore.open(folder.resolve("workr.p12"), secret("stats.keystore", "p4ssword"))) {
      keystore.add(
          List.of(secret("stats.workr1.luks", Canary.VALUE), secret("stats.workr2.luks", "x")));
    }
    Files.writeString(folder.resolve("Open.java"), program());

    Process java =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "Open.java",
                "workr.p12")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    try (OutputStream stdin = java.getOutputStream()) {
      stdin.write("p4ssword\n".getBytes(UTF_8));
    }
    String output = new String(java.getInputStream().readAllBytes(), UTF_8);

    assertThat(java.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(output.lines())
        .containsExactlyInAnyOrder("stats.workr1.luks\t" + Canary.VALUE, "stats.workr2.luks\tx");
  }

  private static String program() throws Exception {
    String page = Files.readString(Path.of("../docs/adr/0020-secrets.md"));
    int start = page.indexOf("```java\n") + "```java\n".length();
    return page.substring(start, page.indexOf("```", start));
  }
}
