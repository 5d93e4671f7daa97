package org.workr.engine;

import org.workr.plan.Step;

/** What a step is called in a message: short, and the same in every run. */
final class StepNames {
  private static final int LONGEST = 100;

  private StepNames() {}

  static String of(Step step) {
    if (step instanceof Step.Run run) {
      String command =
          run.argv().size() == 3 && run.argv().get(1).equals("-ec")
              ? run.argv().get(2)
              : String.join(" ", run.argv());
      String first = command.strip().lines().findFirst().orElse("");
      return "'" + (first.length() > LONGEST ? first.substring(0, LONGEST) + "..." : first) + "'";
    }
    if (step instanceof Step.WriteFile file) {
      return "writing " + file.path();
    }
    if (step instanceof Step.InstallPackages install) {
      return "installing " + String.join(" ", install.packages());
    }
    if (step instanceof Step.ControlUnit control) {
      return "systemctl " + control.verb() + " " + control.unit();
    }
    return step.getClass().getSimpleName();
  }
}
