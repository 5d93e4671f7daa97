package org.workr.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.workr.diagnostic.Diagnostic;
import org.workr.render.Shell;

/** A plan as lines for a person. */
public final class PlanText {
  private final boolean steps;

  private PlanText(boolean steps) {
    this.steps = steps;
  }

  /** Shows what changes. */
  public static PlanText brief() {
    return new PlanText(false);
  }

  /** Shows what changes and each step of how. */
  public static PlanText withSteps() {
    return new PlanText(true);
  }

  /** The lines of one host, its name first. */
  public List<String> lines(HostPlan plan) {
    List<String> lines = new ArrayList<>();
    lines.add(plan.host() + ": " + headline(plan));
    for (Diagnostic problem : plan.problems()) {
      lines.add("  " + (problem.isError() ? "! " : "? ") + problem.summary() + ".");
      lines.add("    " + problem.hint());
    }
    for (Change change : plan.changes()) {
      lines.addAll(lines(change));
    }
    return lines;
  }

  private static String headline(HostPlan plan) {
    int count = plan.changes().size();
    String changes = count == 1 ? "1 change" : count + " changes";
    if (plan.blocked()) {
      return "not touched, " + changes + " planned";
    }
    return count == 0 ? "as declared" : changes;
  }

  private List<String> lines(Change change) {
    List<String> lines = new ArrayList<>();
    String head = "  " + change.action().sign() + " " + change.id();
    List<String> before = change.before().lines().toList();
    List<String> after = change.after().lines().toList();
    String restart =
        switch (change.restart()) {
          case NO -> "";
          case PERHAPS -> " (may take a restart)";
          case YES, AFTER -> " (takes a restart)";
        };
    if (before.size() <= 1 && after.size() <= 1) {
      lines.add(head + ": " + shown(change.before()) + " -> " + shown(change.after()) + restart);
    } else {
      lines.add(head + ":" + restart);
      LineDiff.of(before, after).forEach(line -> lines.add("      " + line));
    }
    if (steps) {
      change.steps().forEach(step -> lines.addAll(lines(step)));
    }
    return lines;
  }

  private static String shown(String value) {
    return value.isEmpty() ? "nothing" : value.strip();
  }

  private static List<String> lines(Step step) {
    List<String> lines = new ArrayList<>();
    List<String> text = head(step).lines().toList();
    for (int i = 0; i < text.size(); i++) {
      lines.add((i == 0 ? "      * " : "        ") + text.get(i));
    }
    return lines;
  }

  private static String head(Step step) {
    if (step instanceof Step.Run run) {
      return "run "
          + (run.argv().size() == 3 && run.argv().subList(0, 2).equals(List.of("sh", "-ec"))
              ? "sh: " + run.argv().get(2)
              : Shell.command(run.argv()))
          + input(run.stdin());
    }
    if (step instanceof Step.WriteFile file) {
      return "write "
          + file.path()
          + " "
          + file.mode()
          + " "
          + file.owner()
          + ":\n"
          + file.content().lines().map(line -> "| " + line).collect(Collectors.joining("\n"));
    }
    if (step instanceof Step.InstallPackages install) {
      return "install packages " + String.join(" ", install.packages());
    }
    if (step instanceof Step.ControlUnit control) {
      return "systemctl " + control.verb() + " " + control.unit();
    }
    return StepsOnController.text((Step.OnController) step);
  }

  private static String input(List<SecretInput> stdin) {
    return stdin.stream()
        .map(
            input ->
                " <<< "
                    + input.prefix()
                    + (input.form() == SecretInput.Form.PLAIN
                        ? "[secret " + input.secret() + "]"
                        : "[hash of secret " + input.secret() + "]"))
        .collect(Collectors.joining());
  }
}
