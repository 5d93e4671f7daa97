package org.workr.capability.disk;

import java.util.stream.Collectors;
import org.workr.value.Thumbprint;

/** A policy for a person: what unlocks, and the keys that it is pinned to. */
final class BoundText {
  private BoundText() {}

  static String of(Pin pin) {
    if (pin instanceof Pin.Tang tang) {
      return tang.url()
          + tang.thumbprint()
              .map(Thumbprint::value)
              .map(print -> " " + print.substring(0, 8))
              .orElse("");
    }
    if (pin instanceof Pin.Tpm2 chip) {
      return "TPM"
          + (chip.pcrs().isEmpty()
              ? ""
              : " (registers "
                  + chip.pcrs().stream().map(String::valueOf).collect(Collectors.joining(","))
                  + ")");
    }
    Pin.Sss some = (Pin.Sss) pin;
    return some.threshold()
        + " of "
        + some.pins().stream().map(BoundText::of).collect(Collectors.joining(", ", "(", ")"));
  }
}
