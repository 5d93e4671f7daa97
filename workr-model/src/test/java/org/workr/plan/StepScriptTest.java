package org.workr.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.SecretName;

/** The script is run by the machine's own sh: what counts is what a shell makes of it. */
class StepScriptTest {
  private static final String BOUNDARY = "b0undaryb0undary";

  @TempDir Path folder;

  @Test
  void runsStepsInOrderAndStopsAtTheFirstThatFails() throws Exception {
    StepScript script =
        script(
            Step.shell("echo one >>" + folder + "/trace"),
            Step.shell("echo noise; echo why >&2; exit 3"),
            Step.shell("echo never >>" + folder + "/trace"));

    assertThat(run(script, ""))
        .containsExactly(
            new StepScript.Begun(0),
            new StepScript.Ended(0, 0),
            new StepScript.Begun(1),
            new StepScript.Printed(1, "noise"),
            new StepScript.Printed(1, "why"),
            new StepScript.Ended(1, 3));
    assertThat(folder.resolve("trace")).hasContent("one");
  }

  @Test
  void writesFilesWholeWithModeAndAnyContent() throws Exception {
    String owner = Files.getOwner(folder).getName();
    String content = "a 'quoted' \"line\" $HOME `id` \\n %s\n\ttab\nno end of line";
    Path target = folder.resolve("new folder/it's.conf");
    StepScript script =
        script(new Step.WriteFile(target.toString(), content, "0640", owner + ":" + owner));

    assertThat(run(script, ""))
        .containsExactly(new StepScript.Begun(0), new StepScript.Ended(0, 0));
    assertThat(Files.readString(target)).isEqualTo(content);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
        .isEqualTo("rw-r-----");
    try (var files = Files.list(target.getParent())) {
      assertThat(files).containsExactly(target);
    }
  }

  @Test
  void keepsAFileThatThereIsNoRoomToReplace() throws Exception {
    String owner = Files.getOwner(folder).getName();
    Path target = Files.writeString(folder.resolve("kept.conf"), "as before");
    String large = "x".repeat(5000);
    StepScript script =
        script(
            new Step.WriteFile(target.toString(), large, "0644", owner + ":" + owner),
            Step.shell("echo late >" + folder + "/trace"));

    // No file may be larger than some hundred bytes: to who writes, that is a full disk.
    List<StepScript.Event> events = run("trap '' XFSZ; ulimit -f 1\n", script, "");

    assertThat(events).last().isNotEqualTo(new StepScript.Ended(0, 0));
    assertThat(events).doesNotContain(new StepScript.Begun(1));
    assertThat(target).hasContent("as before");
  }

  @Test
  void handsEachCommandItsOwnLineOfInput() throws Exception {
    SecretName name = new SecretName("c.h.login");
    StepScript script =
        script(
            Step.run(SecretInput.plain(name), "sh", "-c", "cat >" + folder + "/first"),
            Step.shell("cat >" + folder + "/nothing"),
            Step.run(SecretInput.plain(name), "sh", "-c", "cat >" + folder + "/second"));

    run(script, "it's $1 \\ \"x\" \n  two\n");

    assertThat(folder.resolve("first")).hasContent("it's $1 \\ \"x\" ");
    assertThat(folder.resolve("nothing")).isEmptyFile();
    assertThat(folder.resolve("second")).hasContent("  two");
  }

  @Test
  void doesNothingWhenItsInputIsCutOff() throws Exception {
    SecretName name = new SecretName("c.h.login");
    StepScript script =
        script(
            Step.shell("echo early >" + folder + "/trace"),
            Step.run(SecretInput.plain(name), "sh", "-c", "cat >" + folder + "/trace"));

    assertThat(run(script, "half a secr")).isEmpty();
    assertThat(folder.resolve("trace")).doesNotExist();
  }

  @Test
  void goesOnToTheEndOfTheStepWhenNobodyListens() throws Exception {
    StepScript script =
        script(
            Step.shell(
                "i=0; while [ $i -lt 30000 ]; do echo $i; i=$((i+1)); done; touch "
                    + folder
                    + "/done"),
            Step.shell("touch " + folder + "/next"));
    Process process = start("", script);
    byte[] begun = (BOUNDARY + " begin 0\n").getBytes(UTF_8);
    assertThat(process.getInputStream().readNBytes(begun.length)).isEqualTo(begun);
    process.getInputStream().close();
    process.getOutputStream().close();

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(folder.resolve("done")).exists();
    assertThat(folder.resolve("next")).doesNotExist();
  }

  @Test
  void installsPackagesWithoutAQuestion() {
    assertThat(
            StepScript.command(
                new Step.InstallPackages(List.of("avahi-daemon"), Duration.ofMinutes(10))))
        .isEqualTo(
            "DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y"
                + " -o DPkg::Lock::Timeout=600 -o Dpkg::Options::=--force-confdef"
                + " -o Dpkg::Options::=--force-confold install --no-install-recommends"
                + " --no-remove --"
                + " avahi-daemon");
  }

  private static StepScript script(Step.OnHost... steps) {
    return new StepScript(List.of(steps), BOUNDARY);
  }

  private Process start(String before, StepScript script) throws IOException {
    String text = before + script.script().replace("/run/workr/", folder + "/");
    return new ProcessBuilder("sh", "-c", text).redirectErrorStream(true).start();
  }

  private List<StepScript.Event> run(StepScript script, String input) throws Exception {
    return run("", script, input);
  }

  private List<StepScript.Event> run(String before, StepScript script, String input)
      throws Exception {
    Process process = start(before, script);
    try (var stdin = process.getOutputStream()) {
      stdin.write(input.getBytes(UTF_8));
    }
    List<StepScript.Event> events = new ArrayList<>();
    new String(process.getInputStream().readAllBytes(), UTF_8)
        .lines()
        .map(script::parse)
        .flatMap(Optional::stream)
        .forEach(events::add);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return events;
  }
}
