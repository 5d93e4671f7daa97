package org.workr.planning;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.capability.Situation;
import org.workr.facts.Facts;
import org.workr.plan.Change;
import org.workr.plan.Step;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** All scripts and probes in the golden cases of the disks are parsed by what will run them. */
class DiskScriptsTest {
  @TempDir Path folder;

  @Test
  void dashParsesThem() throws Exception {
    for (Path file : files()) {
      run(List.of("dash", "-n", file.toString()));
    }
  }

  /** Not about style, only about what is likely to be wrong. */
  @Test
  void shellcheckFindsNothing() throws Exception {
    List<String> command = new ArrayList<>(List.of("shellcheck", "-s", "dash", "-S", "warning"));
    // Lists are made of words, and a list may have one; the rest is a matter of taste.
    command.addAll(List.of("-e", "SC2034,SC2041,SC2043,SC2046,SC2174,SC1007,SC1010"));
    // The wait for the lock of packages asks for all of them here, and reads a folder of /proc.
    command.addAll(List.of("-e", "SC2010,SC2120"));
    files().forEach(file -> command.add(file.toString()));
    run(command);
  }

  private List<Path> files() throws IOException {
    Set<String> texts = new LinkedHashSet<>();
    try (Stream<Path> cases = Files.list(GoldenCase.ROOT.resolve("disk"))) {
      for (Path one : cases.filter(c -> Files.exists(c.resolve("cluster.xml"))).sorted().toList()) {
        texts.addAll(texts(GoldenCase.of(one)));
      }
    }
    assertThat(texts).hasSizeGreaterThan(20);
    List<Path> files = new ArrayList<>();
    for (String text : texts) {
      files.add(Files.writeString(folder.resolve("script" + files.size()), text));
    }
    return files;
  }

  private static Set<String> texts(GoldenCase golden) throws IOException {
    ClusterSpec spec = golden.spec();
    Host host = spec.hosts().get(0);
    Capabilities.Use<?> disk =
        Capabilities.ALL.stream()
            .filter(use -> use.capability().name().equals("disk"))
            .findFirst()
            .orElseThrow();
    Set<String> texts = new LinkedHashSet<>();
    disk.facts(spec, host).forEach(fact -> texts.add(fact.probe() + "\n"));
    Situation situation = new Situation(host, new Facts(golden.before()), List.of());
    for (Change change : disk.plan(spec, situation).orElseThrow().changes()) {
      for (Step step : change.steps()) {
        if (step instanceof Step.Run run) {
          assertThat(run.argv()).hasSize(3).startsWith("sh", "-ec");
          texts.add(run.argv().get(2));
        } else if (step instanceof Step.WriteFile file && file.content().startsWith("#!/bin/sh")) {
          texts.add(file.content());
        } else if (step instanceof Step.Await await) {
          texts.add(await.probe() + "\n");
        }
      }
    }
    return texts;
  }

  private static void run(List<String> command) throws Exception {
    Assumptions.assumeTrue(
        Stream.of(System.getenv("PATH").split(":"))
            .anyMatch(bin -> Files.isExecutable(Path.of(bin, command.get(0)))),
        command.get(0) + " is not installed");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }
}
