package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** A policy as the JSON that clevis-encrypt-sss(1) takes. */
final class PolicyText {
  private static final JsonMapper JSON = new JsonMapper();

  private PolicyText() {}

  static String of(Pin.Sss policy) {
    return JSON.writeValueAsString(sss(policy));
  }

  private static Map<String, Object> sss(Pin.Sss sss) {
    Map<String, List<Object>> pins = new TreeMap<>();
    for (Pin pin : networkLast(sss.pins())) {
      if (pin instanceof Pin.Tang tang) {
        add(pins, "tang", tang(tang));
      } else if (pin instanceof Pin.Tpm2 chip) {
        add(pins, "tpm2", tpm2(chip));
      } else {
        add(pins, "sss", sss((Pin.Sss) pin));
      }
    }
    Map<String, Object> all = new TreeMap<>();
    all.put("t", sss.threshold());
    all.put("pins", pins);
    return all;
  }

  /**
   * The initramfs of Clevis configures the network when {@code clevis luks list} speaks of Tang,
   * which of several {@code sss} side by side says only the last (Clevis 18 to 21).
   */
  private static List<Pin> networkLast(List<Pin> pins) {
    return pins.stream()
        .sorted(Comparator.comparing(pin -> pin.all().anyMatch(Pin.Tang.class::isInstance)))
        .toList();
  }

  private static void add(Map<String, List<Object>> pins, String name, Object pin) {
    pins.computeIfAbsent(name, key -> new ArrayList<>()).add(pin);
  }

  private static Map<String, Object> tang(Pin.Tang tang) {
    Map<String, Object> all = new TreeMap<>();
    all.put("url", tang.url().value());
    tang.thumbprint().ifPresent(print -> all.put("thp", print.value()));
    return all;
  }

  private static Map<String, Object> tpm2(Pin.Tpm2 chip) {
    Map<String, Object> all = new TreeMap<>();
    all.put("pcr_bank", chip.bank().text());
    if (!chip.pcrs().isEmpty()) {
      all.put(
          "pcr_ids", chip.pcrs().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    return all;
  }
}
