package org.workr.capability.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.workr.facts.Fact;

/**
 * The units of what is installed.
 *
 * @param running whether systemd is there to ask
 * @param states by name of the unit; those that no package has brought yet are not in it
 */
record Units(boolean running, Map<String, State> states) {

  /** Unit by the package that brings it. */
  static final Map<String, String> BY_PACKAGE =
      new TreeMap<>(
          Map.of(
              "avahi-daemon", "avahi-daemon.service",
              "docker.io", "docker.service",
              "docker-ce", "docker.service",
              "qemu-guest-agent", "qemu-guest-agent.service"));

  /**
   * How a unit is.
   *
   * @param active {@code ActiveState} of systemctl(1)
   * @param enabled {@code UnitFileState}
   */
  record State(String active, String enabled) {

    /** Whether it runs or is about to. */
    boolean runs() {
      return List.of("active", "activating", "reloading").contains(active);
    }

    /** Whether it is started at boot; a static unit is, by whatever wants it. */
    boolean starts() {
      return !List.of("disabled", "masked", "masked-runtime", "").contains(enabled);
    }

    /** Whether somebody forbade it. */
    boolean masked() {
      return enabled.startsWith("masked");
    }

    String title() {
      return active + ", " + enabled;
    }
  }

  static final Fact<Units> FACT =
      Fact.of(
          "packages.units",
          """
          [ -d /run/systemd/system ] || { echo none; exit 0; }
          systemctl show -p Id,LoadState,ActiveState,UnitFileState,Job \\
            avahi-daemon.service docker.service qemu-guest-agent.service""",
          Units::parse);

  /** Copies the map. */
  Units {
    states = Map.copyOf(states);
  }

  private static Units parse(String text) {
    if (text.equals("none")) {
      return new Units(false, Map.of());
    }
    Map<String, State> states = new TreeMap<>();
    List<Map<String, String>> blocks = new ArrayList<>();
    blocks.add(new TreeMap<>());
    for (String line : text.lines().toList()) {
      int equals = line.indexOf('=');
      if (line.isBlank()) {
        blocks.add(new TreeMap<>());
      } else if (equals < 0) {
        throw new IllegalArgumentException("'" + line + "'");
      } else {
        blocks.get(blocks.size() - 1).put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    for (Map<String, String> block : blocks) {
      if (!block.getOrDefault("LoadState", "not-found").equals("not-found")) {
        states.put(
            block.getOrDefault("Id", ""),
            new State(active(block), block.getOrDefault("UnitFileState", "")));
      }
    }
    return new Units(true, states);
  }

  /** A machine that boots answers to SSH while the start of other units is still queued. */
  private static String active(Map<String, String> block) {
    String state = block.getOrDefault("ActiveState", "");
    boolean queued = !block.getOrDefault("Job", "").matches("0?");
    return state.equals("inactive") && queued ? "activating" : state;
  }
}
