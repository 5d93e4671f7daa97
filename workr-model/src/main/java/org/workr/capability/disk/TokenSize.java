package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.workr.value.HttpUrl;
import tools.jackson.databind.JsonNode;

/**
 * How many bytes of a header's metadata a binding takes at least. A JWE of a pin stands in the
 * header of the JWE around it, and base64 makes four bytes of three each time. The numbers are
 * those of Clevis 19, which were the same in versions 15 to 21.
 */
final class TokenSize {
  /** What {@link BindingChange#BIND} leaves for a re-encryption and for notes. */
  static final int RESERVE = 2600;

  /** The type, the number of a keyslot, and what is encrypted. */
  private static final int TOKEN = 155;

  /** A JWE behind its header: the initialisation vector, a share, and the tag. */
  private static final int BEHIND = 128;

  private static final int SSS = 125;

  /** Without keys and URL. */
  private static final int TANG = 181;

  /** With keys of an elliptic curve; those of RSA are longer. */
  private static final int TPM2 = 300;

  private final Map<HttpUrl, List<JsonNode>> keys;

  private TokenSize(Map<HttpUrl, List<JsonNode>> keys) {
    this.keys = keys;
  }

  /** At least so many bytes; what the servers advertise counts as far as it is known. */
  static int of(Pin.Sss policy, List<TangAnswers.Usable> servers) {
    Map<HttpUrl, List<JsonNode>> keys =
        servers.stream()
            .collect(
                Collectors.toMap(
                    one -> one.tang().url(), TangAnswers.Usable::keys, (one, other) -> one));
    return TOKEN + base64(new TokenSize(keys).header(policy));
  }

  private int header(Pin pin) {
    if (pin instanceof Pin.Sss sss) {
      List<Integer> inner = new ArrayList<>();
      sss.pins().forEach(one -> inner.add(base64(header(one)) + BEHIND));
      // In quotation marks, with commas between them.
      return SSS + inner.stream().mapToInt(size -> size + 3).sum() - 1;
    }
    return pin instanceof Pin.Tang tang ? tang(tang) : TPM2;
  }

  private int tang(Pin.Tang tang) {
    List<JsonNode> advertised = keys.getOrDefault(tang.url(), List.of());
    // The ephemeral key is of the curve of the one that is exchanged.
    int coordinate =
        advertised.stream().mapToInt(key -> key.path("x").asString("").length()).min().orElse(0);
    return TANG
        + tang.url().value().length()
        + "{'keys':[]}".length()
        + advertised.stream().mapToInt(key -> key.toString().length() + 1).sum()
        - Math.min(advertised.size(), 1)
        + 2 * coordinate;
  }

  private static int base64(int bytes) {
    return (bytes * 4 + 2) / 3;
  }
}
