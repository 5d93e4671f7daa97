package org.workr.capability.console;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.facts.Fact;

/**
 * How a host boots, as far as consoles matter.
 *
 * @param loader {@code grub}, {@code pi} for a Raspberry Pi's own, {@code none} for anything else
 * @param port whether the machine has the serial port
 * @param dropIn what workr's file holds; empty when it is not there
 * @param kernel the kernel and its arguments in the menu entry that boots by default
 * @param setup the commands of grub.cfg that choose GRUB's own terminals
 */
record GrubState(
    String loader, boolean port, Optional<String> dropIn, String kernel, List<String> setup) {

  private static final String PROBE =
      """
      if [ ! -e /boot/grub/grub.cfg ] || ! command -v update-grub >/dev/null; then
        if [ -e /boot/firmware/cmdline.txt ] || [ -e /boot/cmdline.txt ]; then echo 'loader pi'
        else echo 'loader none'; fi
        exit 0
      fi
      echo 'loader grub'
      %s
      if [ -e %s ]; then sed 's/^/dropin /' %s || exit 1; fi
      awk '{ sub(/^[ \\t]+/, "") }
        !seen && /^linux/ { seen = 1; print "kernel " $0 }
        /^(serial|terminal_input|terminal_output) / { print "setup " $0 }' /boot/grub/grub.cfg""";

  /** A UART that is not there has a device all the same, only its driver knows. */
  private static final String UART =
      """
      while read -r n type rest; do
        if [ "$n" = %s: ] && [ "$type" != uart:unknown ]; then echo 'port yes'; break; fi
      done </proc/tty/driver/serial""";

  /** Copies the list. */
  GrubState {
    setup = List.copyOf(setup);
  }

  static Fact<GrubState> fact(ConsoleSpec spec) {
    String port =
        SerialConsole.uart(spec)
            .map(unit -> UART.formatted(unit))
            .orElse("if [ -c /dev/" + spec.port() + " ]; then echo 'port yes'; fi");
    return Fact.of(
        "console.grub",
        PROBE.formatted(port, SerialConsole.DROP_IN, SerialConsole.DROP_IN),
        GrubState::parse);
  }

  private static GrubState parse(String text) {
    Map<String, List<String>> lines = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 2);
      lines
          .computeIfAbsent(parts[0], key -> new ArrayList<>())
          .add(parts.length > 1 ? parts[1] : "");
    }
    List<String> loader = lines.getOrDefault("loader", List.of());
    if (loader.size() != 1) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new GrubState(
        loader.get(0),
        lines.containsKey("port"),
        Optional.ofNullable(lines.get("dropin")).map(l -> String.join("\n", l) + "\n"),
        String.join(" ", lines.getOrDefault("kernel", List.of())),
        lines.getOrDefault("setup", List.of()));
  }
}
