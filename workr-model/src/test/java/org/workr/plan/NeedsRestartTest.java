package org.workr.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose restart is waited for, told by a real shell. */
class NeedsRestartTest {
  @TempDir Path run;

  @Test
  void whatTheDistributionWantedBeforeIsNotOurs() throws Exception {
    assertThat(pending()).isFalse();
    wants("linux-image");
    assertThat(pending()).isFalse();
    sh(NeedsRestart.remembering());
    assertThat(pending()).isFalse();
  }

  @Test
  void whatItHasBegunToWantSinceIs() throws Exception {
    wants("linux-image");
    sh(NeedsRestart.remembering());
    wants("linux-image\nlibssl3");
    sh(NeedsRestart.remembering()); // an interrupted run's, gone on with
    assertThat(pending()).isTrue();
  }

  @Test
  void nothingIsRememberedLongerThanNeeded() throws Exception {
    sh(NeedsRestart.remembering());
    sh(NeedsRestart.FORGET);
    wants("linux-image");
    assertThat(pending()).isFalse();
  }

  @Test
  void aNoteIs() throws Exception {
    sh(NeedsRestart.noting("identity.machine-id"));
    assertThat(pending()).isTrue();
    assertThat(run.resolve("workr/restart-needed")).hasContent("identity.machine-id");
  }

  private void wants(String packages) throws IOException {
    Files.writeString(run.resolve("reboot-required"), "*** System restart required ***\n");
    Files.writeString(run.resolve("reboot-required.pkgs"), packages + "\n");
  }

  private boolean pending() throws Exception {
    return status(NeedsRestart.IS_PENDING) == 0;
  }

  private void sh(String script) throws Exception {
    assertThat(status(script)).as(script).isZero();
  }

  private int status(String script) throws Exception {
    return new ProcessBuilder("sh", "-ec", script.replace("/run/", run + "/"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
