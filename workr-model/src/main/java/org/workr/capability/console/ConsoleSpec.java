package org.workr.capability.console;

import org.workr.binding.Doc;
import org.workr.binding.Range;
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
    @Doc(value = "Its speed in bits per second.", defaultValue = "115200")
        @Range(min = "1200", max = "4000000")
        int baud) {}
