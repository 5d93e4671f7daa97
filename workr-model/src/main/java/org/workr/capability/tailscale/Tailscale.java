package org.workr.capability.tailscale;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.platform.OperatingSystem;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.SecretInput;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;

/**
 * Joins a host to a tailnet, with a key that goes to the program's stdin and nowhere else.
 *
 * <p>How the program reads the key is known from its source; it was tried with a stand-in, not with
 * Tailscale itself, which Debian does not have.
 */
public final class Tailscale implements Capability<TailscaleSpec> {
  private static final String PACKAGE = "tailscale";
  private static final String UNIT = "tailscaled.service";
  private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

  /** How long {@code tailscale up} may wait for the control server. */
  private static final Duration JOIN_TIMEOUT = Duration.ofMinutes(2);

  /** A planner; it has no state. */
  public Tailscale() {}

  @Override
  public String name() {
    return "tailscale";
  }

  @Override
  public Set<Fact<?>> facts(TailscaleSpec spec, Host host) {
    return Set.of(TailscaleState.FACT, OperatingSystem.FACT);
  }

  @Override
  public Findings plan(TailscaleSpec spec, Situation situation) {
    Findings.Builder findings = situation.findings(name());
    Optional<TailscaleState> known = situation.require(TailscaleState.FACT, findings);
    Optional<OperatingSystem> os = situation.require(OperatingSystem.FACT, findings);
    if (known.isEmpty() || os.isEmpty()) {
      return findings.build();
    }
    TailscaleState state = known.get();
    if (!os.get().systemd()) {
      findings.warning(
          "systemd is not running, so tailscaled cannot be started, and it does not join the tailnet",
          "On a real machine boot it with systemd.");
      return findings.build();
    }
    if (!state.installed()) {
      install(state, situation, findings);
    }
    // A clone's copy of its template's node is taken away before this; it has to join anew.
    boolean forgotten =
        situation.earlier().stream().anyMatch(change -> change.id().equals("identity.tailscale"));
    join(spec, forgotten ? state.loggedOut() : state, situation.host(), findings);
    return findings.build();
  }

  private static void install(
      TailscaleState state, Situation situation, Findings.Builder findings) {
    // A repository that <packages> declares brings it, in a change before this one.
    boolean comes =
        situation.earlier().stream()
            .flatMap(change -> change.steps().stream())
            .anyMatch(
                step ->
                    step instanceof Step.InstallPackages install
                        && install.packages().contains(PACKAGE));
    if (comes) {
      return;
    }
    if (!state.available()) {
      findings.error(
          "no repository of the host has the package 'tailscale'",
          "Declare Tailscale's repository under <packages><repositories>, with tailscale among its"
              + " <packages>.");
    }
    findings.change(
        Stage.SYSTEM,
        Action.CREATE,
        "package",
        "",
        PACKAGE,
        new Step.InstallPackages(List.of(PACKAGE), LOCK_TIMEOUT));
  }

  private static void join(
      TailscaleSpec spec, TailscaleState state, Host host, Findings.Builder findings) {
    List<String> options = new ArrayList<>();
    spec.loginServer().ifPresent(url -> options.add("--login-server=" + url));
    spec.options().forEach(option -> options.add(option.value()));
    String wanted = options.isEmpty() ? "no options" : String.join("\n", options);
    boolean asDeclared = state.joined().equals(Optional.of(wanted));
    if (asDeclared && state.enabled() && state.backend().equals("NeedsMachineAuth")) {
      findings.warning(
          "it waits for an administrator of the tailnet to approve it",
          "Approve it in the admin console, or use a key whose machines are approved already.");
      return;
    }
    if (asDeclared && state.enabled() && state.runs()) {
      return;
    }
    List<String> argv =
        new ArrayList<>(
            List.of(
                "tailscale",
                "up",
                "--auth-key=file:/dev/stdin",
                "--timeout=" + JOIN_TIMEOUT.toSeconds() + "s",
                // Without it "up" refuses to forget an option that is not declared any more.
                "--reset"));
    if (state.joined().filter(before -> !server(before).equals(server(wanted))).isPresent()) {
      argv.add("--force-reauth");
    }
    argv.addAll(options);
    findings.change(
        Stage.SYSTEM,
        state.joined().isPresent() ? Action.UPDATE : Action.CREATE,
        "tailnet",
        state.installed() ? state.backend() + state.joined().map(o -> "\n" + o).orElse("") : "",
        "Running\n" + wanted,
        Step.run("systemctl", "enable", "--now", UNIT),
        Step.run(SecretInput.plain(host.secret(PACKAGE)), argv.toArray(String[]::new)),
        Step.file(TailscaleState.STAMP, wanted + "\n", "0644"));
  }

  /** The control server among options; a host cannot move to another one without a new login. */
  private static String server(String options) {
    return options
        .lines()
        .filter(option -> option.startsWith("--login-server="))
        .findFirst()
        .orElse("");
  }
}
