package org.workr.capability.console;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a serial console is to the kernel and to GRUB. */
final class SerialConsole {
  /**
   * Read after the files of cloud images (50-cloudimg-settings.cfg), which set whole variables, and
   * before those of packages, whose names begin with a letter.
   */
  static final String DROP_IN = "/etc/default/grub.d/90-workr-console.cfg";

  private SerialConsole() {}

  /** The number of the port when it is a PC's UART, the only kind that GRUB itself can drive. */
  static Optional<String> uart(ConsoleSpec spec) {
    String name = spec.port().value();
    return name.startsWith("ttyS") && name.substring(4).matches("[0-9]")
        ? Optional.of(name.substring(4))
        : Optional.empty();
  }

  /**
   * The drop-in: shell that grub-mkconfig sources. It adds to what other files have set. The last
   * {@code console=} is where the initramfs asks for the passphrase; the first one of a port sets
   * its speed, so those of this port that are already there have to go.
   */
  static String dropIn(ConsoleSpec spec) {
    String port = spec.port().value();
    String kernel =
        """
        # A serial console beside the screen. Written by workr. Changes are overwritten.
        set -f
        workr_linux=
        for workr_word in $GRUB_CMDLINE_LINUX; do
          case $workr_word in
            console=%1$s | console=%1$s,* | console=tty0) ;;
            *) workr_linux="$workr_linux$workr_word " ;;
          esac
        done
        GRUB_CMDLINE_LINUX="${workr_linux}console=tty0 console=%1$s,%2$dn8"
        workr_linux=
        for workr_word in $GRUB_CMDLINE_LINUX_DEFAULT; do
          case $workr_word in
            console=%1$s | console=%1$s,* | console=tty0) ;;
            *) workr_linux="$workr_linux$workr_word " ;;
          esac
        done
        case $workr_linux in
          *console=*) workr_linux="${workr_linux}console=%1$s,%2$dn8" ;;
        esac
        GRUB_CMDLINE_LINUX_DEFAULT=${workr_linux%% }
        set +f
        """
            .formatted(port, spec.baud());
    String menu =
        uart(spec)
            .map(
                unit ->
                    """
                    GRUB_TERMINAL_INPUT=${GRUB_TERMINAL:-${GRUB_TERMINAL_INPUT:-console}}
                    GRUB_TERMINAL_OUTPUT=${GRUB_TERMINAL:-${GRUB_TERMINAL_OUTPUT:-console}}
                    GRUB_TERMINAL=
                    case " $GRUB_TERMINAL_INPUT " in
                      *" serial "*) ;;
                      *) GRUB_TERMINAL_INPUT="$GRUB_TERMINAL_INPUT serial" ;;
                    esac
                    case " $GRUB_TERMINAL_OUTPUT " in
                      *" serial "*) ;;
                      *) GRUB_TERMINAL_OUTPUT="$GRUB_TERMINAL_OUTPUT serial" ;;
                    esac
                    GRUB_SERIAL_COMMAND="%s"
                    """
                        .formatted(command(unit, spec)))
            .orElse("");
    return kernel + menu;
  }

  private static String command(String unit, ConsoleSpec spec) {
    return "serial --unit=" + unit + " --speed=" + spec.baud() + " --word=8 --parity=no --stop=1";
  }

  /** Whether the next boot has the console, whoever arranged it. */
  static boolean isSetUp(ConsoleSpec spec, GrubState state) {
    return kernelHas(spec, state.kernel()) && grubHas(spec, state.setup());
  }

  private static boolean kernelHas(ConsoleSpec spec, String kernel) {
    List<String> consoles =
        Arrays.stream(kernel.split("\\s+", -1))
            .filter(word -> word.startsWith("console="))
            .map(word -> word.substring("console=".length()))
            .toList();
    String port = spec.port().value();
    Optional<String> first =
        consoles.stream().filter(c -> c.equals(port) || c.startsWith(port + ",")).findFirst();
    return first.filter(c -> c.matches(port + "," + spec.baud() + "(n8)?")).isPresent()
        && consoles.get(consoles.size() - 1).matches(port + "(,.*)?");
  }

  private static boolean grubHas(ConsoleSpec spec, List<String> setup) {
    return uart(spec)
        .map(
            unit ->
                setup.stream().anyMatch(line -> words(line).contains("--speed=" + spec.baud()))
                    && Arrays.asList("terminal_input", "terminal_output").stream()
                        .allMatch(kind -> setup.stream().anyMatch(line -> on(line, kind))))
        .orElse(true);
  }

  private static boolean on(String line, String kind) {
    return words(line).get(0).equals(kind) && words(line).contains("serial");
  }

  private static List<String> words(String line) {
    return List.of(line.split(" +", -1));
  }
}
