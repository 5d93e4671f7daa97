package org.workr.capability.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Shell;
import org.workr.value.Host;

/**
 * A serial console for GRUB, the kernel, the passphrase of the disk, and login (systemd starts a
 * getty on every console of the kernel by itself).
 */
public final class Console implements Capability<ConsoleSpec> {

  /** A planner; it has no state. */
  public Console() {}

  @Override
  public String name() {
    return "console";
  }

  @Override
  public Set<Fact<?>> facts(ConsoleSpec spec, Host host) {
    return Set.of(GrubState.fact(spec));
  }

  @Override
  public Findings plan(ConsoleSpec spec, Situation situation) {
    Findings.Builder findings = situation.findings(name());
    Optional<GrubState> known = situation.require(GrubState.fact(spec), findings);
    if (known.isEmpty()) {
      return findings.build();
    }
    GrubState state = known.get();
    if (!state.loader().equals("grub")) {
      findings.warning(
          "it does not boot through GRUB, so its console stays as it is",
          state.loader().equals("pi")
              ? "On a Raspberry Pi add console=serial0,%d to cmdline.txt and enable_uart=1 to config.txt."
                  .formatted(spec.baud())
              : "Add console=%s,%d to its kernel's arguments by hand."
                  .formatted(spec.port(), spec.baud()));
      return findings.build();
    }
    if (!state.port()) {
      findings.error(
          "it has no serial port '" + spec.port() + "'",
          "The passphrase would be asked for where nobody sees it. Add a serial port to the machine,"
              + " correct <port>, or remove <console>.");
      return findings.build();
    }
    plan(spec, state, findings);
    return findings.build();
  }

  private static void plan(ConsoleSpec spec, GrubState state, Findings.Builder findings) {
    String content = SerialConsole.dropIn(spec);
    boolean written = state.dropIn().equals(Optional.of(content));
    boolean setUp = SerialConsole.isSetUp(spec, state);
    // Also fine when the template did it in its own way, and workr's file was never needed.
    if (setUp && (written || state.dropIn().isEmpty())) {
      return;
    }
    List<Step> steps = new ArrayList<>();
    if (!written) {
      steps.add(Step.file(SerialConsole.DROP_IN, content, "0644"));
    }
    steps.add(
        Step.shell(
            """
            update-grub
            sync /boot/grub/grub.cfg
            grep -q %s /boot/grub/grub.cfg || {
              echo 'a later file in /etc/default/grub.d overrides the console' >&2
              exit 1
            }
            """
                .formatted(Shell.quote("console=" + spec.port() + "," + spec.baud() + "n8"))));
    findings.changeWithRestart(
        Stage.SYSTEM,
        written ? Action.RESUME : state.dropIn().isPresent() ? Action.UPDATE : Action.CREATE,
        "grub",
        shown(state),
        "console=tty0 console=" + spec.port() + "," + spec.baud() + "n8",
        steps.toArray(Step[]::new));
  }

  private static String shown(GrubState state) {
    return Arrays.stream(state.kernel().split("\\s+", -1))
        .filter(word -> word.startsWith("console="))
        .collect(Collectors.joining(" "));
  }
}
