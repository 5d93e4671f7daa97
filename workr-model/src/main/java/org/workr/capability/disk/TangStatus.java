package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return lines;
  }

  private StatusLine line(int server) {
    String url = spec.servers().get(server).url().value();
    Optional<TangAdvertisement> advertised = advertised(server);
    if (advertised.isEmpty()) {
      return StatusLine.bad(url, "no host could ask for its keys, so keep all of them");
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

  /** What it advertises, as told by the first host that got an answer. */
  private Optional<TangAdvertisement> advertised(int server) {
    for (Optional<Facts> facts : hosts.values()) {
      if (facts.isPresent()
          && facts.get().get(TangAnswers.fact(spec.servers()))
              instanceof Reading.Known<Optional<List<TangAnswers.Answer>>> known
          && known.value().isPresent()
          && known.value().get().size() == spec.servers().size()) {
        TangAnswers.Answer answer = known.value().get().get(server);
        try {
          if (answer.status() == 0) {
            return Optional.of(TangAdvertisement.parse(answer.body()));
          }
        } catch (IllegalArgumentException e) {
          // Another host may have got a better answer.
        }
      }
    }
    return Optional.empty();
  }

  /** Whether every binding of the host to this server uses a key that it advertises. */
  private static boolean moved(Facts facts, String url, TangAdvertisement advertised) {
    return facts.get(DiskState.FACT) instanceof Reading.Known<DiskState> known
        && known.value().devices().stream().allMatch(device -> moved(device, url, advertised));
  }

  private static boolean moved(LuksDevice device, String url, TangAdvertisement advertised) {
    return device.header().isPresent()
        && device.header().get().tokens("clevis").stream()
            .allMatch(
                token ->
                    BoundPolicy.of(token)
                        .map(bound -> current(bound, url, advertised))
                        .orElse(false));
  }

  private static boolean current(BoundPolicy bound, String url, TangAdvertisement advertised) {
    return bound.servers().stream()
        .filter(tang -> tang.isAt(url))
        .allMatch(tang -> advertised.has(tang.exchange()));
  }
}
