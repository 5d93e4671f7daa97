package org.workr.capability.tailscale;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.facts.Fact;

/**
 * A host's place in its tailnet.
 *
 * @param installed whether the package is there
 * @param available whether a repository of the host offers it; only known when it is not installed
 * @param backend {@code BackendState} of {@code tailscale status}; {@code Down} when the daemon
 *     does not answer
 * @param enabled whether the daemon is started at boot
 * @param joined how the host was joined by workr: the arguments, one per line; empty before that
 */
record TailscaleState(
    boolean installed,
    boolean available,
    String backend,
    boolean enabled,
    Optional<String> joined) {

  /** Remembers with which options the host was joined; Tailscale itself shows them but partly. */
  static final String STAMP = "/var/lib/workr/tailscale-up";

  static final Fact<TailscaleState> FACT =
      Fact.of(
          "tailscale.state",
          """
          if ! command -v tailscale >/dev/null; then
            echo 'package absent'
            apt-cache policy tailscale 2>/dev/null \\
              | sed -n 's/^ *Candidate: \\([^(].*\\)/candidate \\1/p'
            exit 0
          fi
          echo 'package installed'
          tailscale status --json --peers=false 2>/dev/null \\
            | sed -n 's/^ *"BackendState": *"\\([A-Za-z]*\\)".*/backend \\1/p'
          if systemctl is-enabled --quiet tailscaled.service 2>/dev/null; then echo 'enabled yes'; fi
          if [ -e %s ]; then sed 's/^/joined /' %s; fi"""
              .formatted(STAMP, STAMP),
          TailscaleState::parse);

  /** Whether the host is part of the tailnet, or about to be. */
  boolean runs() {
    return List.of("Running", "Starting").contains(backend);
  }

  /** The same without a login. */
  TailscaleState loggedOut() {
    return new TailscaleState(installed, available, "NeedsLogin", enabled, joined);
  }

  private static TailscaleState parse(String text) {
    Map<String, String> values = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 2);
      if (!List.of("package", "candidate", "backend", "enabled", "joined").contains(parts[0])) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      values.merge(parts[0], parts.length > 1 ? parts[1] : "", (a, b) -> a + "\n" + b);
    }
    if (!values.containsKey("package")) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new TailscaleState(
        "installed".equals(values.get("package")),
        values.containsKey("candidate"),
        values.getOrDefault("backend", "Down"),
        values.containsKey("enabled"),
        Optional.ofNullable(values.get("joined")));
  }
}
