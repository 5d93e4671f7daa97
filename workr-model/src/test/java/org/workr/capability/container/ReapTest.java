package org.workr.capability.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.InvalidValueException;

class ReapTest {
  private static final String R =
      "/usr/lib/R/bin/exec/R --no-echo --no-restart -e x --args workr-session=";

  @TempDir Path folder;

  /** What the probe makes of the processes of a container whose init is 100. */
  private String probed(String processes) throws Exception {
    Path docker = folder.resolve("docker");
    Files.writeString(
        docker,
        "#!/bin/sh\ncase $1 in inspect) echo 100 ;; top) cat <<'END'\nPID PPID COMMAND\n"
            + processes
            + "END\nesac\n");
    assertThat(docker.toFile().setExecutable(true)).isTrue();
    String script =
        "top=$(docker top CONTAINER)\n"
            + Reap.PROBE.replace("CONTAINER", ContainerPaths.CONTAINER).replace("CLUSTER", "stats");
    ProcessBuilder builder = new ProcessBuilder("sh", "-c", script).redirectErrorStream(true);
    builder.environment().merge("PATH", folder + ":", (path, first) -> first + path);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output;
  }

  @Test
  void countsByLabelAndWhatInitHasInherited() throws Exception {
    assertThat(
            probed(
                """
                100 1 /sbin/docker-init -- /usr/sbin/sshd -D
                200 100 sshd: rstudio@notty
                201 200 sh -s
                202 201 %sstats-0a1b2c3d
                203 201 %sstats-0a1b2c3d
                300 100 %sstats-1111aaaa
                301 100 /usr/lib/R/bin/exec/R --no-echo -e somebodys
                302 100 %sother-1111aaaa
                303 100 grep workr-session=stats-1111aaaa
                """
                    .formatted(R, R, R, R)))
        .isEqualTo("session stats-0a1b2c3d 2 0\nsession stats-1111aaaa 1 1\n");
  }

  @Test
  void aContainerWithoutRHasNoSessions() throws Exception {
    assertThat(probed("100 1 /sbin/docker-init -- /usr/sbin/sshd -D\n")).isEmpty();
  }

  @Test
  void endsNothingByABroadName() {
    for (String label : new String[] {"", "stats", ".*", "stats-0a1b2c3", "stats-0a1b2c3d "}) {
      assertThatThrownBy(() -> new Reap(Optional.of(label)))
          .as(label)
          .isInstanceOf(InvalidValueException.class);
    }
  }
}
