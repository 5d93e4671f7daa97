package org.workr.capability.packages;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.workr.plan.Step;

/** Runs shell text of steps and probes with another root folder, and programs that stand in. */
final class Sandbox {
  /** What a script did. */
  record Result(int status, String output) {}

  private final Path root;

  Sandbox(Path root) throws IOException {
    this.root = root;
    // Between two tries.
    program("sleep", "");
  }

  Path path(String absolute) {
    return Path.of(root + absolute);
  }

  Path file(String absolute, String content) throws IOException {
    Files.createDirectories(path(absolute).getParent());
    return Files.writeString(path(absolute), content);
  }

  void program(String name, String script) throws IOException {
    Path program = file("/bin/" + name, "#!/bin/sh\n" + script);
    program.toFile().setExecutable(true);
  }

  Result run(Step step) throws IOException, InterruptedException {
    List<String> argv = ((Step.Run) step).argv();
    return run(argv.get(1), argv.get(2));
  }

  Result probe(String script) throws IOException, InterruptedException {
    return run("-c", script);
  }

  private Result run(String option, String script) throws IOException, InterruptedException {
    String elsewhere =
        script.replace("/var/lib/", root + "/var/lib/").replace("/run/", root + "/run/");
    ProcessBuilder builder = new ProcessBuilder("sh", option, elsewhere).redirectErrorStream(true);
    builder.environment().merge("PATH", root + "/bin", (path, ours) -> ours + ":" + path);
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8).stripTrailing();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IOException("it does not end");
    }
    return new Result(process.exitValue(), output);
  }
}
