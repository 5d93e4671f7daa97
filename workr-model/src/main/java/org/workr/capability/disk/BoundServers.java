package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * The Tang servers that the disks of a host are bound to, with the keys that they had then.
 *
 * @param all in every binding, whoever made it
 * @param own in the bindings that workr made on this host
 */
record BoundServers(List<BoundPolicy.Tang> all, List<BoundPolicy.Tang> own) {

  /** Copies the lists. */
  BoundServers {
    all = List.copyOf(all);
    own = List.copyOf(own);
  }

  static BoundServers of(List<LuksDevice> devices) {
    List<BoundPolicy.Tang> all = new ArrayList<>();
    List<BoundPolicy.Tang> own = new ArrayList<>();
    for (LuksDevice device : devices) {
      device.header().stream()
          .flatMap(header -> header.tokens("clevis").stream())
          .forEach(token -> all.addAll(servers(token)));
      device.binding().ifPresent(token -> own.addAll(servers(token)));
    }
    return new BoundServers(all, own);
  }

  private static List<BoundPolicy.Tang> servers(LuksHeader.Token token) {
    return BoundPolicy.of(token).map(BoundPolicy::servers).orElse(List.of());
  }

  /** Whether the key with {@code thumbprint} has signed, which need not be advertised any more. */
  boolean signs(String thumbprint, TangAdvertisement advertisement) {
    return keys(all)
        .filter(key -> TangAdvertisement.thumbprints(key).contains(thumbprint))
        .anyMatch(advertisement::vouchedFor);
  }

  /**
   * The keys that this host was bound to at {@code url}. A template's binding does not count: who
   * made it is not known, and it is replaced.
   */
  List<JsonNode> keysAt(String url) {
    return keys(own.stream().filter(tang -> tang.isAt(url)).toList()).toList();
  }

  private static Stream<JsonNode> keys(List<BoundPolicy.Tang> servers) {
    return servers.stream().flatMap(tang -> tang.advertised().stream());
  }
}
