package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.workr.value.HttpUrl;
import org.workr.value.Thumbprint;

/** What has to be there for Clevis to unlock a disk: one pin, or a number of several. */
public sealed interface Pin {

  /**
   * A Tang server that answers.
   *
   * @param url where it is
   * @param thumbprint of its signing key; empty when whatever key it shows at first is trusted
   */
  record Tang(HttpUrl url, Optional<Thumbprint> thumbprint) implements Pin {}

  /**
   * A TPM 2 chip whose registers are as they were.
   *
   * @param bank the hash of the registers
   * @param pcrs their numbers, 0 to 23; empty when only the chip counts
   */
  record Tpm2(PcrBank bank, List<Integer> pcrs) implements Pin {

    /** Copies the list. */
    public Tpm2 {
      pcrs = List.copyOf(pcrs);
    }
  }

  /**
   * Shamir's secret sharing: some of several.
   *
   * @param threshold how many of the pins must work, 1 or more
   * @param pins the pins
   */
  record Sss(int threshold, List<Pin> pins) implements Pin {

    /** Copies the list. */
    public Sss {
      pins = List.copyOf(pins);
    }

    /** The Tang servers in it, in order. */
    List<Tang> servers() {
      return all().filter(Tang.class::isInstance).map(Tang.class::cast).toList();
    }

    /** The same with other servers, which come in the same order. */
    Sss with(Iterator<Tang> servers) {
      List<Pin> others = new ArrayList<>();
      for (Pin pin : pins) {
        others.add(
            pin instanceof Tang
                ? servers.next()
                : pin instanceof Sss some ? some.with(servers) : pin);
      }
      return new Sss(threshold, others);
    }

    /** The same, whatever keys the servers have. */
    Sss withAnyKeys() {
      return new Sss(
          threshold,
          pins.stream()
              .map(
                  pin ->
                      pin instanceof Tang tang
                          ? new Tang(tang.url(), Optional.empty())
                          : pin instanceof Sss some ? some.withAnyKeys() : pin)
              .toList());
    }
  }

  /**
   * Whether it unlocks while some servers are usable. What is no server works as far as anybody
   * knows.
   */
  default boolean met(Predicate<Tang> usable) {
    if (this instanceof Tang tang) {
      return usable.test(tang);
    }
    return !(this instanceof Sss sss)
        || sss.pins().stream().filter(pin -> pin.met(usable)).count() >= sss.threshold();
  }

  /** This pin and all pins in it. */
  default Stream<Pin> all() {
    return this instanceof Sss sss
        ? Stream.concat(Stream.of(this), sss.pins().stream().flatMap(Pin::all))
        : Stream.of(this);
  }
}
