package org.workr.capability.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.workr.plan.Step;

/** Programs that stand in Java as text are parsed by what will run them, all of them. */
class ShellTextsTest {
  @TempDir static Path folder;

  @TestFactory
  Stream<DynamicTest> shellsParseThem() {
    return texts("sh").map(text -> test(text, "sh", "-n", text.getValue()));
  }

  @TestFactory
  Stream<DynamicTest> dashParsesThem() {
    return texts("sh").map(text -> test(text, "dash", "-n", text.getValue()));
  }

  /** Not about style, only about what is likely to be wrong. */
  @TestFactory
  Stream<DynamicTest> shellcheckFindsNothing() {
    return texts("sh")
        .map(text -> test(text, "shellcheck", "-s", "dash", "-S", "warning", text.getValue()));
  }

  @TestFactory
  Stream<DynamicTest> perlParsesThem() {
    return texts("perl").map(text -> test(text, "perl", "-c", text.getValue()));
  }

  @TestFactory
  Stream<DynamicTest> pythonParsesThem() {
    return texts("python3")
        .map(
            text ->
                test(
                    text,
                    "python3",
                    "-c",
                    "import ast, sys; ast.parse(open(sys.argv[1]).read())",
                    text.getValue()));
  }

  private static DynamicTest test(Map.Entry<String, String> text, String... command) {
    return DynamicTest.dynamicTest(text.getKey(), () -> check(text, command));
  }

  private static void check(Map.Entry<String, String> text, String... command) throws Exception {
    Assumptions.assumeTrue(installed(command[0]), command[0] + " is not installed");
    Path file = Files.writeString(folder.resolve("text"), text.getValue());
    command[command.length - 1] = file.toString();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
  }

  private static boolean installed(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(bin -> Files.isExecutable(Path.of(bin, program)));
  }

  /** Texts for {@code language} by a name that says where each is from. */
  private static Stream<Map.Entry<String, String>> texts(String language) {
    Map<String, String> texts = new LinkedHashMap<>();
    NetworkTexts.probes()
        .forEach(
            (name, fact) -> {
              if (language.equals("sh")) {
                texts.put("probe " + name, "LC_ALL=C\n" + fact.probe());
              }
              inside(fact.probe(), language)
                  .forEach(text -> texts.put("inside probe " + name, text));
            });
    NetworkTexts.steps()
        .forEach(
            (name, step) -> {
              if (step instanceof Step.WriteFile file) {
                if (file.content().startsWith("#!/bin/sh") && language.equals("sh")) {
                  texts.put("file " + name, file.content());
                }
              } else if (step instanceof Step.Run run && run.argv().size() > 2) {
                String program = run.argv().get(0);
                if (program.equals(language) && run.argv().get(1).startsWith("-")) {
                  texts.put("step " + name, run.argv().get(2));
                }
              }
            });
    if (language.equals("perl")) {
      texts.put("who has an address", Arp.PERL);
    }
    return texts.entrySet().stream();
  }

  /** Programs that a shell text hands to an interpreter as one quoted word. */
  private static List<String> inside(String shell, String language) {
    List<String> programs = new ArrayList<>();
    String opening = language + (language.equals("perl") ? " -e '" : " -c '");
    for (int at = shell.indexOf(opening); at >= 0; at = shell.indexOf(opening, at + 1)) {
      StringBuilder program = new StringBuilder();
      int from = at + opening.length();
      int end = shell.indexOf('\'', from);
      while (shell.startsWith("'\\''", end)) {
        program.append(shell, from, end).append('\'');
        from = end + 4;
        end = shell.indexOf('\'', from);
      }
      programs.add(program.append(shell, from, end).toString());
    }
    return programs;
  }
}
