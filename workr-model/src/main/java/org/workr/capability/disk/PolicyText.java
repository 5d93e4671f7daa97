package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/** A policy as the JSON that clevis-encrypt-sss(1) takes. */
final class PolicyText {
  private static final JsonMapper JSON = new JsonMapper();

  private PolicyText() {}

  /** With the thumbprints of {@code servers}, which are those of the policy, in its order. */
  static String of(Pin.Sss policy, List<Pin.Tang> servers) {
    return JSON.writeValueAsString(sss(policy, servers.iterator()));
  }

  private static Map<String, Object> sss(Pin.Sss sss, Iterator<Pin.Tang> servers) {
    Map<String, List<Object>> pins = new TreeMap<>();
    for (Pin pin : sss.pins()) {
      if (pin instanceof Pin.Tang) {
        add(pins, "tang", tang(servers.next()));
      } else if (pin instanceof Pin.Tpm2 chip) {
        add(pins, "tpm2", tpm2(chip));
      } else {
        add(pins, "sss", sss((Pin.Sss) pin, servers));
      }
    }
    Map<String, Object> all = new TreeMap<>();
    all.put("t", sss.threshold());
    all.put("pins", pins);
    return all;
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
    all.put("pcr_bank", chip.bank().name().toLowerCase(Locale.ROOT));
    if (!chip.pcrs().isEmpty()) {
      all.put(
          "pcr_ids", chip.pcrs().stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
    return all;
  }
}
