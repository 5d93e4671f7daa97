package org.workr.capability.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.workr.value.Thumbprint;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a binding of Clevis really asks for, read from its JWE: the keys that it is pinned to stand
 * there, and not only what its policy once said.
 */
sealed interface BoundPolicy {
  /** Reads the headers. */
  JsonMapper JSON = new JsonMapper();

  /**
   * A Tang server.
   *
   * @param url as it was given
   * @param advertised all keys that it advertised
   * @param keys thumbprints of all keys that it advertised, SHA-256 and SHA-1
   * @param exchange thumbprint of the key that unlocks
   */
  record Tang(String url, List<JsonNode> advertised, Set<String> keys, String exchange)
      implements BoundPolicy {

    /** Whether it is the server at {@code url}. */
    boolean isAt(String url) {
      return plain(this.url).equals(plain(url));
    }
  }

  /**
   * A TPM 2 chip.
   *
   * @param bank such as {@code sha256}; empty where there are no registers, as Clevis leaves it out
   * @param pcrs registers, in order
   */
  record Tpm2(String bank, List<Integer> pcrs) implements BoundPolicy {}

  /**
   * Some of several.
   *
   * @param threshold how many
   * @param pins the pins
   */
  record Sss(int threshold, List<BoundPolicy> pins) implements BoundPolicy {}

  /**
   * Something that workr does not know.
   *
   * @param pin its name
   */
  record Other(String pin) implements BoundPolicy {}

  /** The policy of a token of Clevis; empty when it cannot be read. */
  static Optional<BoundPolicy> of(LuksHeader.Token token) {
    try {
      return Optional.of(header(token.json().path("jwe").path("protected").asString("")));
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static BoundPolicy header(String encoded) {
    JsonNode header = JSON.readTree(new String(Base64.getUrlDecoder().decode(encoded), UTF_8));
    JsonNode clevis = header.path("clevis");
    String pin = clevis.path("pin").asString("");
    JsonNode node = clevis.path(pin);
    return switch (pin) {
      case "tang" -> tang(node, header.path("kid").asString(""));
      case "tpm2" ->
          new Tpm2(
              node.path("pcr_bank").asString(""), registers(node.path("pcr_ids").asString("")));
      case "sss" -> {
        List<BoundPolicy> pins = new ArrayList<>();
        node.path("jwe").forEach(jwe -> pins.add(header(jwe.asString("").split("\\.", 2)[0])));
        yield new Sss(node.path("t").asInt(0), pins);
      }
      default -> new Other(pin);
    };
  }

  private static Tang tang(JsonNode node, String exchange) {
    List<JsonNode> advertised = new ArrayList<>();
    node.path("adv").path("keys").forEach(advertised::add);
    Set<String> keys = new TreeSet<>();
    advertised.forEach(key -> keys.addAll(TangAdvertisement.thumbprints(key)));
    return new Tang(node.path("url").asString(""), List.copyOf(advertised), keys, exchange);
  }

  private static List<Integer> registers(String text) {
    List<Integer> registers = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (part.strip().matches("\\d{1,2}")) {
        registers.add(Integer.valueOf(part.strip()));
      }
    }
    return registers.stream().sorted().toList();
  }

  /** Whether it asks for what {@code wanted} says, from the servers with these keys. */
  default boolean is(Pin wanted) {
    if (this instanceof Tang tang && wanted instanceof Pin.Tang other) {
      return plain(tang.url()).equals(plain(other.url().value()))
          && other.thumbprint().map(Thumbprint::value).map(tang.keys()::contains).orElse(true);
    }
    if (this instanceof Tpm2 chip && wanted instanceof Pin.Tpm2 other) {
      return chip.pcrs().equals(other.pcrs().stream().sorted().toList())
          && (chip.pcrs().isEmpty() || chip.bank().equals(other.bank().text()));
    }
    return this instanceof Sss some
        && wanted instanceof Pin.Sss other
        && some.threshold() == other.threshold()
        && same(some.pins(), other.pins());
  }

  private static boolean same(List<BoundPolicy> pins, List<Pin> wanted) {
    List<BoundPolicy> left = new ArrayList<>(pins);
    for (Pin pin : wanted) {
      Optional<BoundPolicy> found = left.stream().filter(one -> one.is(pin)).findFirst();
      if (found.isEmpty()) {
        return false;
      }
      left.remove(found.get());
    }
    return left.isEmpty();
  }

  private static String plain(String url) {
    return url.replaceFirst("/+$", "");
  }

  /** The Tang servers in it. */
  default List<Tang> servers() {
    if (this instanceof Tang tang) {
      return List.of(tang);
    }
    return this instanceof Sss some
        ? some.pins().stream().flatMap(pin -> pin.servers().stream()).toList()
        : List.of();
  }

  /** For a person: what it asks for, and the keys that it is pinned to. */
  default String pinned() {
    if (this instanceof Tang tang) {
      return tang.advertised().stream()
          .filter(key -> key.path("key_ops").toString().contains("verify"))
          .flatMap(key -> TangAdvertisement.thumbprints(key).stream().limit(1))
          .map(print -> " " + print.substring(0, 8))
          .collect(Collectors.joining("", plain(tang.url()), ""));
    }
    return this instanceof Sss some
        ? some.threshold()
            + " of "
            + some.pins().stream()
                .map(BoundPolicy::pinned)
                .collect(Collectors.joining(", ", "(", ")"))
        : text();
  }

  /** For a person: what it asks for. */
  default String text() {
    if (this instanceof Tang tang) {
      return plain(tang.url());
    }
    if (this instanceof Tpm2 chip) {
      return "TPM" + (chip.pcrs().isEmpty() ? "" : " (registers " + registerText(chip) + ")");
    }
    if (this instanceof Sss some) {
      return some.threshold()
          + " of "
          + some.pins().stream().map(BoundPolicy::text).collect(Collectors.joining(", ", "(", ")"));
    }
    return ((Other) this).pin();
  }

  private static String registerText(Tpm2 chip) {
    return chip.pcrs().stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
