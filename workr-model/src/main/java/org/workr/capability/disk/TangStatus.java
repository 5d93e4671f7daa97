package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.workr.capability.StatusLine;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.value.Host;

/**
 * Whether the old keys of the Tang servers may go: only when no host needs them any more, one that
 * is switched off among them (tang(8), "Key rotation").
 */
final class TangStatus {
  private final Encryption spec;
  private final Map<Host, Optional<Facts>> hosts;

  private TangStatus(Encryption spec, Map<Host, Optional<Facts>> hosts) {
    this.spec = spec;
    this.hosts = hosts;
  }

  static List<StatusLine> of(Encryption spec, Map<Host, Optional<Facts>> hosts) {
    TangStatus status = new TangStatus(spec, hosts);
    List<StatusLine> lines = new ArrayList<>();
    for (int i = 0; i < spec.servers().size(); i++) {
      lines.add(status.line(i));
    }
    lines.addAll(status.others());
    return lines;
  }

  /** Servers that no pom names and that disks are bound to all the same. */
  private List<StatusLine> others() {
    Map<String, Set<String>> needed = new TreeMap<>();
    hosts.forEach(
        (host, facts) ->
            BoundServers.of(devices(facts).toList()).all().stream()
                .filter(tang -> spec.servers().stream().noneMatch(s -> tang.isAt(s.url().value())))
                .forEach(
                    tang ->
                        needed
                            .computeIfAbsent(tang.url(), url -> new TreeSet<>())
                            .add(host.hostname().value())));
    return needed.entrySet().stream()
        .map(
            entry ->
                StatusLine.bad(
                    entry.getKey(),
                    "is not declared, and may still unlock " + String.join(", ", entry.getValue())))
        .toList();
  }

  private StatusLine line(int server) {
    Pin.Tang tang = spec.servers().get(server);
    String url = tang.url().value();
    List<TangAdvertisement> answers = answers(server);
    if (answers.isEmpty()) {
      return StatusLine.bad(url, "no host could ask for its keys, so keep all of them");
    }
    Optional<TangAdvertisement> advertised =
        answers.stream().filter(answer -> genuine(answer, tang)).findFirst();
    if (advertised.isEmpty()) {
      return StatusLine.bad(
          url,
          "what it advertises is signed by no key that is known, so keep all of its keys, and look"
              + " who answers there");
    }
    List<String> behind = new ArrayList<>();
    hosts.forEach(
        (host, facts) -> {
          if (facts.isEmpty()) {
            behind.add(host.hostname() + " (not looked at)");
          } else if (!moved(facts.get(), url, advertised.get())) {
            behind.add(host.hostname().value());
          }
        });
    return behind.isEmpty()
        ? StatusLine.good(
            url,
            "no host needs other keys than those that it advertises; older ones may be deleted there")
        : StatusLine.bad(
            url, "keep its old keys: they may still unlock " + String.join(", ", behind));
  }

  /** What it advertises, as told by each host that got an answer. */
  private List<TangAdvertisement> answers(int server) {
    List<TangAdvertisement> answers = new ArrayList<>();
    for (Optional<Facts> facts : hosts.values()) {
      if (facts.isPresent()
          && facts.get().get(TangAnswers.fact(spec.servers()))
              instanceof Reading.Known<Optional<List<TangAnswers.Answer>>> known
          && known.value().isPresent()
          && known.value().get().size() == spec.servers().size()) {
        TangAnswers.Answer answer = known.value().get().get(server);
        try {
          if (answer.status() == 0) {
            answers.add(TangAdvertisement.parse(answer.body()));
          }
        } catch (IllegalArgumentException e) {
          // Another host may have got a better answer.
        }
      }
    }
    return answers;
  }

  /** Whether the pinned key has signed it, or where none is pinned one that a host is bound to. */
  private boolean genuine(TangAdvertisement answer, Pin.Tang tang) {
    BoundServers bound = BoundServers.of(hosts.values().stream().flatMap(this::devices).toList());
    return tang.thumbprint().isPresent()
        ? answer.signedBy(tang.thumbprint().get().value())
            || bound.signs(tang.thumbprint().get().value(), answer)
        : bound.keysAt(tang.url().value()).stream().anyMatch(answer::vouchedFor);
  }

  private Stream<LuksDevice> devices(Optional<Facts> facts) {
    return facts.isPresent()
            && facts.get().get(DiskState.FACT) instanceof Reading.Known<DiskState> known
        ? known.value().devices().stream()
        : Stream.empty();
  }

  /** Whether every binding of the host to this server uses a key that it advertises. */
  private boolean moved(Facts facts, String url, TangAdvertisement advertised) {
    return facts.get(DiskState.FACT) instanceof Reading.Known<DiskState> known
        && known.value().absent().isEmpty()
        && known.value().devices().stream().allMatch(device -> moved(device, url, advertised));
  }

  private boolean moved(LuksDevice device, String url, TangAdvertisement advertised) {
    return device.header().isPresent()
        && device.header().get().tokens("clevis").stream()
            .allMatch(
                token ->
                    BoundPolicy.of(token)
                        .map(bound -> current(bound, url, advertised))
                        .orElse(false));
  }

  /** A binding to anything else may be to this server too, by another name for it. */
  private boolean current(BoundPolicy bound, String url, TangAdvertisement advertised) {
    return bound.is(spec.policy().orElseThrow())
        && bound.servers().stream()
            .filter(tang -> tang.isAt(url))
            .allMatch(tang -> advertised.has(tang.exchange()));
  }
}
