package org.workr.capability.disk;

import java.util.List;
import java.util.Optional;

/**
 * A line of crypttab(5).
 *
 * @param target name of the mapping
 * @param source the device
 * @param key file of the key, or {@code none}
 * @param options as they stand there
 */
record Crypttab(String target, String source, String key, List<String> options) {

  /** Copies the list. */
  Crypttab {
    options = List.copyOf(options);
  }

  /** Whether a person, or Clevis, gives the passphrase. */
  boolean asks() {
    return key.equals("none") || key.equals("-");
  }

  /** Whether it is of LUKS, as far as the line tells. */
  boolean mayBeLuks() {
    return option("plain", "tcrypt", "bitlk", "swap", "tmp").isEmpty();
  }

  /** Whether each start makes up the key, and with it what was there is gone. */
  boolean random() {
    return key.equals("/dev/urandom") || key.equals("/dev/random");
  }

  /** The first option that begins with one of {@code names}. */
  Optional<String> option(String... names) {
    return options.stream()
        .filter(option -> List.of(names).contains(option.split("=", 2)[0]))
        .findFirst();
  }

  /** The line {@code text}, which is no comment. */
  static Crypttab parse(String line) {
    String[] fields = line.strip().split("\\s+", -1);
    return new Crypttab(
        fields[0],
        fields.length > 1 ? fields[1] : "",
        fields.length > 2 ? fields[2] : "none",
        fields.length > 3 ? List.of(fields[3].split(",", -1)) : List.of());
  }
}
