package org.workr.capability.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.capability.SampleHost;
import org.workr.plan.Step;
import org.workr.value.RegistryServer;
import org.workr.value.RegistryUser;

/** The login in a shell, with what Docker does to ask for it. */
class RegistryLoginTest {
  private static final RegistrySpec REGISTRY =
      new RegistrySpec(
          RegistryServer.parse("registry.example.org:5000"),
          Optional.empty(),
          Optional.of(RegistryUser.parse("robot$stats")),
          Optional.empty());

  @TempDir Path folder;

  private record Ended(int status, String output) {}

  private Ended run(String script, String password) throws IOException, InterruptedException {
    Step.Run step = (Step.Run) RegistryLogin.with(Optional.of(REGISTRY), SampleHost.WORKR1, script);
    assertThat(step.stdin()).hasSize(1);
    assertThat(String.join(" ", step.argv())).doesNotContain("q7Rz");
    List<String> argv =
        step.argv().stream()
            .map(word -> word.replace("/var/lib/workr", folder.toString()))
            .toList();
    Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
    try (var stdin = process.getOutputStream()) {
      stdin.write((password + "\n").getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  @Test
  void answersAsOftenAsItIsAskedAndLeavesNothing() throws Exception {
    Ended ended =
        run(
            """
            for n in $(seq 200); do echo "$n.example.org" | docker-credential-workr get; done
            cat "$DOCKER_CONFIG/config.json"
            grep -rs q[7]Rz "$DOCKER_CONFIG" --devices=skip || echo 'in no file'
            """,
            "q7Rz \"a\" \\ $HOME `id`");

    List<String> lines = ended.output().lines().toList();
    assertThat(lines).hasSize(201).last().asString().endsWith("}}in no file");
    assertThat(lines.subList(0, 200))
        .allMatch(
            line ->
                line.endsWith(
                    ",\"Username\":\"robot$stats\",\"Secret\":\"q7Rz \\\"a\\\" \\\\ $HOME `id`\"}"));
    assertThat(lines.get(200))
        .startsWith("{\"credHelpers\":{\"registry.example.org:5000\":\"workr\"}}");
    assertThat(ended.status()).isZero();
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void theScriptsOwnEndIsToldAndNothingIsLeftThen() throws Exception {
    Ended ended = run("echo refused; exit 7", "q7Rz");
    assertThat(ended).isEqualTo(new Ended(7, "refused\n"));
    Ended unasked = run("false", "q7Rz");
    assertThat(unasked.status()).isEqualTo(1);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void withoutAnAccountNothingIsAsked() {
    RegistrySpec open =
        new RegistrySpec(REGISTRY.server(), Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(RegistryLogin.with(Optional.of(open), SampleHost.WORKR1, "true"))
        .isEqualTo(Step.shell("true"));
  }
}
