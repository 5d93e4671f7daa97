package org.workr.capability.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.capability.SampleHost.WORKR1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.SshServer;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.plan.Step;

/** The drop-in, with this machine's sshd to judge of it, and files in a folder of the test's. */
class PasswordLoginTest {
  private static final Path SSHD = Path.of("/usr/sbin/sshd");

  /** Possible as long as sshd asks by keyboard; the user in question never notices. */
  private static final String TWO_FACTORS =
      """
      AuthenticationMethods publickey,keyboard-interactive
      Match User ubuntu
        AuthenticationMethods publickey
      """;

  @TempDir Path folder;

  @BeforeEach
  void aServer() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(SSHD), SSHD + " is not installed");
    if (System.getProperty("user.name").equals("root")) {
      // Started by root it insists on this directory, which only its service file makes.
      Files.createDirectories(Path.of("/run/sshd"));
    }
    Files.createDirectories(folder.resolve("etc/sshd_config.d"));
    Files.createDirectories(folder.resolve("run"));
    Path sshd =
        Files.writeString(
            folder.resolve("sshd"),
            "#!/bin/sh\nexec " + SSHD + " -f " + folder + "/etc/sshd_config \"$@\"\n");
    assertThat(sshd.toFile().setExecutable(true)).isTrue();
    run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder + "/etc/key");
  }

  @Test
  void neverPutsInPlaceWhatSshdRefuses() throws Exception {
    config(TWO_FACTORS);

    String said = apply();

    assertThat(folder.resolve("etc/sshd_config.d")).isEmptyDirectory();
    assertThat(said)
        .contains("AuthenticationMethods cannot be satisfied")
        .contains("nothing was changed: PasswordAuthentication no");
    assertThat(settings()).isInstanceOf(Reading.Known.class);
  }

  @Test
  void putsInPlaceWhatSshdTakes() throws Exception {
    config("");

    assertThat(apply()).isEmpty();

    assertThat(
            settings().map(settings -> settings.is("passwordauthentication", "no")).orElse(false))
        .isTrue();
    assertThat(folder.resolve("run")).isEmptyDirectory();
  }

  @Test
  void namesItsFileWhenThatIsWhatSshdRefuses() throws Exception {
    config(TWO_FACTORS);
    Files.writeString(
        folder.resolve("etc/sshd_config.d/10-workr.conf"), "KbdInteractiveAuthentication no\n");

    assertThat(settings().toString())
        .contains("AuthenticationMethods cannot be satisfied")
        .contains("sshd_config.d/10-workr.conf', which workr wrote");
  }

  @Test
  void doesNotAccuseItsFileOfTheFaultOfOthers() throws Exception {
    config("NoSuchSetting yes\n");
    Files.writeString(
        folder.resolve("etc/sshd_config.d/10-workr.conf"), "PasswordAuthentication no\n");

    assertThat(settings().toString()).contains("NoSuchSetting").doesNotContain("which workr wrote");
  }

  private void config(String more) throws IOException {
    Files.writeString(
        folder.resolve("etc/sshd_config"),
        "Include FOLDER/etc/sshd_config.d/*.conf\nHostKey FOLDER/etc/key\n"
                .replace("FOLDER", folder.toString())
            + more);
  }

  private Reading<SshServer.Settings> settings() throws Exception {
    String probe = here(SshServer.settings(WORKR1).probe());
    return SshServer.settings(WORKR1).read(run("sh", "-c", "(\n" + probe + "\n) 2>/dev/null"));
  }

  /** Does the planned steps until one fails, and returns what that one said. */
  private String apply() throws Exception {
    Facts facts =
        new Facts(
            Map.of(
                "sshd.settings", new Facts.Section(0, "passwordauthentication yes"),
                "accounts.sshd-files",
                    new Facts.Section(
                        0, "/etc/ssh/sshd_config:1:Include /etc/ssh/sshd_config.d/*.conf"),
                "accounts.sshd-drop-in", new Facts.Section(0, ""),
                "accounts.session", new Facts.Section(0, "publickey"),
                "sshd.listener", new Facts.Section(0, "socket")));
    Situation situation = new Situation(WORKR1, facts, List.of());
    Findings.Builder out = situation.findings("accounts");
    PasswordLogin.plan(
        new Access(new AccountsSpec(SudoMode.PASSWORD, false, true, false), List.of()),
        situation,
        out);
    for (Step step : out.build().changes().get(0).steps()) {
      if (step instanceof Step.WriteFile file) {
        Files.writeString(Path.of(here(file.path())), file.content());
        continue;
      }
      List<String> argv = ((Step.Run) step).argv().stream().map(this::here).toList();
      String said = run(argv.toArray(String[]::new));
      if (!said.isEmpty()) {
        return said;
      }
    }
    return "";
  }

  private String here(String text) {
    return text.replace(SSHD.toString(), folder + "/sshd")
        .replace("/etc/ssh", folder + "/etc")
        .replace("/run/workr", folder + "/run");
  }

  private static String run(String... argv) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
    builder.environment().put("WORKR_AUTH", "publickey");
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).stripTrailing();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
