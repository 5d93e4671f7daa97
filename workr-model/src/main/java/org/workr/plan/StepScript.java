package org.workr.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.workr.render.Shell;

/**
 * Consecutive steps of one host as one root shell script, and the way back from its output to what
 * happened.
 *
 * <p>The steps run in order; the first that fails ends the script. What a step prints goes to a
 * file on the host, in memory, and its end is delivered only when the step fails: so a step never
 * dies of a lost connection, and when the controller is gone the script ends at the next boundary
 * between two steps.
 *
 * @param steps at least one
 * @param boundary 16 to 64 letters and digits that no step prints
 */
public record StepScript(List<Step.OnHost> steps, String boundary) {
  private static final int OUTPUT_LINES = 40;

  /** Copies the list. */
  public StepScript {
    steps = List.copyOf(steps);
    if (!boundary.matches("[A-Za-z0-9]{16,64}")) {
      throw new IllegalArgumentException("not a boundary: " + boundary);
    }
  }

  /** Something that the script said. */
  public sealed interface Event {
    /** Position of the step in {@link StepScript#steps}. */
    int step();
  }

  /** A step begins. */
  public record Begun(int step) implements Event {}

  /** A step has ended. */
  public record Ended(int step, int status) implements Event {}

  /** A line of what a failed step printed. */
  public record Printed(int step, String line) implements Event {}

  /** What the script reads from stdin, one line each, in this order. */
  public List<SecretInput> inputs() {
    return steps.stream().flatMap(step -> input(step).stream()).toList();
  }

  private static List<SecretInput> input(Step.OnHost step) {
    return step instanceof Step.Run run ? run.stdin() : List.of();
  }

  /** The shell text. */
  public String script() {
    StringBuilder script = new StringBuilder();
    int inputs = inputs().size();
    for (int i = 0; i < inputs; i++) {
      script.append("IFS= read -r workr_input_").append(i).append(" || exit 98\n");
    }
    script.append(
        """
        workr_log=/run/workr/step.log
        workr_write() {
          mkdir -p "${1%/*}" && rm -f "${1%/*}/.workr-new" &&
            (umask 077 && cat >"${1%/*}/.workr-new") &&
            chown "$3" "${1%/*}/.workr-new" && chmod "$2" "${1%/*}/.workr-new" &&
            sync "${1%/*}/.workr-new" && mv -f "${1%/*}/.workr-new" "$1" && sync "${1%/*}"
        }
        workr_end() {
          [ "$2" -eq 0 ] || tail -n "$workr_tail" "$workr_log" | sed "s/^/$workr_boundary out $1 /"
          printf '\n%s end %s %s\n' "$workr_boundary" "$1" "$2"
          [ "$2" -eq 0 ] || exit 0
        }
        """);
    script.append("workr_tail=").append(OUTPUT_LINES).append('\n');
    script.append("workr_boundary=").append(boundary).append('\n');
    int nextInput = 0;
    for (int i = 0; i < steps.size(); i++) {
      Step.OnHost step = steps.get(i);
      script.append("printf '%s\\n' '").append(boundary).append(" begin ").append(i).append("'\n");
      boolean reads = !input(step).isEmpty();
      if (reads) {
        script.append("printf '%s\\n'");
        for (SecretInput ignored : input(step)) {
          script.append(" \"$workr_input_").append(nextInput++).append('"');
        }
        script.append(" | ");
      }
      script.append("(\n").append(command(step)).append("\n)");
      script.append(" >\"$workr_log\" 2>&1");
      script.append(reads ? " 9>&-\n" : " 9>&- </dev/null\n");
      script.append("workr_end ").append(i).append(" $?\n");
    }
    return script.toString();
  }

  /** One step as a shell command. */
  static String command(Step.OnHost step) {
    if (step instanceof Step.Run run) {
      return Shell.command(run.argv());
    }
    if (step instanceof Step.WriteFile file) {
      return "printf %s "
          + Shell.quote(file.content())
          + " | workr_write "
          + Shell.command(List.of(file.path(), file.mode(), file.owner()));
    }
    if (step instanceof Step.InstallPackages install) {
      return "DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=a apt-get -q -y"
          + " -o DPkg::Lock::Timeout="
          + install.lockTimeout().toSeconds()
          + " -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold"
          + " install --no-install-recommends --no-remove -- "
          + install.packages().stream().map(Shell::quote).collect(Collectors.joining(" "));
    }
    Step.ControlUnit control = (Step.ControlUnit) step;
    return Shell.command(List.of("systemctl", control.verb(), control.unit()));
  }

  /** What {@code line} of the script's output says, or empty when it is nothing of the script's. */
  public Optional<Event> parse(String line) {
    if (!line.startsWith(boundary + " ")) {
      return Optional.empty();
    }
    String[] words = line.split(" ", 4);
    int step = Integer.parseInt(words[2]);
    return Optional.of(
        switch (words[1]) {
          case "begin" -> new Begun(step);
          case "end" -> new Ended(step, Integer.parseInt(words[3]));
          case "out" -> new Printed(step, words.length > 3 ? words[3] : "");
          default -> throw new IllegalArgumentException("not an event: " + line);
        });
  }
}
