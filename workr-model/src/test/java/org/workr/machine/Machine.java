package org.workr.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A throw-away machine of {@code src-it/rootfs/machine}. */
final class Machine implements AutoCloseable {
  /** What a command did. */
  record Result(int status, List<String> lines) {
    String text() {
      return String.join("\n", lines);
    }
  }

  private static final long LIMIT_SECONDS = 120;

  private final String tool;
  private final Path folder;

  Machine(String tool, Path folder) {
    this.tool = tool;
    this.folder = folder;
  }

  /** Boots it afresh; {@code setup} runs in its file system before. */
  void up(String setup) throws IOException {
    Path file = Files.writeString(folder.resolve("setup.sh"), setup);
    expect(List.of("up", dir(), file.toString()));
  }

  /** Runs a script as root. */
  Result exec(String script, String stdin) throws IOException {
    Path file = Files.writeString(folder.resolve("script.sh"), script);
    return call(List.of("exec", dir(), file.toString()), stdin);
  }

  /** What a script that must not fail prints. */
  String root(String script) throws IOException {
    Result result = exec(script, "");
    if (result.status() != 0) {
      throw new AssertionError(script + "\n" + result);
    }
    return result.text();
  }

  /** Runs a command over SSH as {@code user}; the host key must be in {@code knownHosts}. */
  Result ssh(Path knownHosts, Path key, String user, String command, String stdin)
      throws IOException {
    return call(
        List.of(
            "ssh",
            dir(),
            "-F",
            "none",
            "-o",
            "BatchMode=yes",
            "-o",
            "StrictHostKeyChecking=yes",
            "-o",
            "GlobalKnownHostsFile=/dev/null",
            "-o",
            "UserKnownHostsFile=" + knownHosts,
            "-o",
            "IdentitiesOnly=yes",
            "-i",
            key.toString(),
            user + "@127.0.0.1",
            command),
        stdin);
  }

  /** Shuts it down and boots it again. */
  void restart() throws IOException {
    expect(List.of("restart", dir()));
  }

  /** Cuts its power and boots it again. */
  void cut() throws IOException {
    expect(List.of("cut", dir()));
  }

  @Override
  public void close() throws IOException {
    expect(List.of("down", dir()));
  }

  private String dir() {
    return folder.resolve("machine").toString();
  }

  private void expect(List<String> words) throws IOException {
    Result result = call(words, "");
    if (result.status() != 0) {
      throw new AssertionError(words + "\n" + result.text());
    }
  }

  private Result call(List<String> words, String stdin) throws IOException {
    List<String> command = new ArrayList<>(List.of(tool));
    command.addAll(words);
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try (OutputStream in = process.getOutputStream()) {
      in.write(stdin.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // A command that reads nothing and has ended is no failure.
    }
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("no end after " + LIMIT_SECONDS + " s: " + command);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    return new Result(process.exitValue(), Files.readAllLines(output));
  }
}
