package org.workr.capability.network;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.plan.Change;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.InterfaceName;
import org.workr.value.Ipv4;

/** Every probe and every step of this capability, for tests that look at their texts. */
final class NetworkTexts {
  static final Host HOST =
      new Host(
          "lab",
          Hostname.parse("w1"),
          Set.of(),
          "ubuntu",
          22,
          Optional.empty(),
          InterfaceAddress.parse("10.1.1.5/24"),
          Optional.empty(),
          List.of(),
          1,
          1);

  private NetworkTexts() {}

  static NetworkSpec spec(String networkInterface) {
    return new NetworkSpec(
        Optional.of(networkInterface).filter(name -> !name.isEmpty()).map(InterfaceName::parse),
        Optional.of(Ipv4.parse("10.1.1.1")),
        List.of(Ipv4.parse("10.1.1.1")),
        List.of(),
        Duration.ofSeconds(150),
        true);
  }

  /** The probes of a host whose interface is declared, and of one whose is not. */
  static Map<String, Fact<?>> probes() {
    Map<String, Fact<?>> probes = new LinkedHashMap<>();
    for (String declared : List.of("", "eth0")) {
      Observed.facts(spec(declared), HOST)
          .forEach(fact -> probes.put(fact.id() + (declared.isEmpty() ? "" : " of eth0"), fact));
    }
    return probes;
  }

  /** The probe {@code id} of a host whose interface is {@code declared}, if not empty. */
  static Fact<?> probe(String id, String declared) {
    return Observed.facts(spec(declared), HOST).stream()
        .filter(fact -> fact.id().equals(id))
        .findFirst()
        .orElseThrow();
  }

  static Map<String, Step> steps() {
    Link link =
        new Link(
            Optional.of("eth0"),
            "52:54:00:00:00:01",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false);
    Wanted wanted = Wanted.of(spec(""), HOST, link);
    Claims.Claim whole = new Claims.Claim("/etc/whole", "eth0", true, List.of());
    Claims.Claim part = new Claims.Claim("/etc/part", "eth0", false, List.of());
    Claims claims = new Claims(List.of(whole, part), List.of());
    Resolver resolver = new Resolver(Resolver.Kind.PLAIN, List.of(), List.of());
    Map<String, Step> steps = new LinkedHashMap<>();
    for (Backend backend :
        List.of(new Netplan(), new Ifupdown(), new Networkd(), new NmKeyfile())) {
      List<Step> makeWay = backend.makeWay(claims, "eth0");
      number(
          steps,
          backend.name(),
          new Deadman(wanted, backend, resolver, Optional.empty(), Duration.ofSeconds(150))
              .steps(List.of(backend.file(wanted)), makeWay, List.of("/etc/whole", "/etc/part")));
    }
    OwnFiles own = new OwnFiles(Map.of(Initramfs.CONF, "another 644"), false);
    Initramfs initramfs =
        new Initramfs(
            Optional.of("initramfs-tools"),
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty());
    Findings.Builder out = new Situation(HOST, new Facts(Map.of()), List.of()).findings("network");
    initramfs.plan(wanted, new Netplan(), own, false, out);
    initramfs.planWithout(own, out);
    for (Change change : out.build().changes()) {
      number(steps, "initramfs " + change.action(), change.steps());
    }
    return steps;
  }

  private static void number(Map<String, Step> all, String name, List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      all.put(name + " " + (i + 1), steps.get(i));
    }
  }
}
