package org.workr.capability.console;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.value.TtyName;

/**
 * A serial console.
 *
 * @param port its device
 * @param baud its speed in bits per second
 */
@Doc("A serial console for boot messages, the disk's passphrase and login, beside the screen.")
public record ConsoleSpec(
    @Doc(
            value = "Its device: `ttyS0` on PCs, `ttyAMA0` on most ARM machines.",
            defaultValue = "ttyS0")
        TtyName port,
    @Doc(value = "Its speed in bits per second.", defaultValue = "115200") int baud)
    implements Checked {
  /** The speeds that the serial drivers of Linux know. */
  private static final List<Integer> SPEEDS =
      List.of(1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600);

  @Override
  public void check(Problems problems) {
    if (problems.usable("baud") && !SPEEDS.contains(baud)) {
      problems.error(
          "baud",
          "'" + baud + "' is not a speed of a serial line",
          "Use one of: " + SPEEDS.stream().map(String::valueOf).collect(joining(", ")) + ".");
    }
  }
}
