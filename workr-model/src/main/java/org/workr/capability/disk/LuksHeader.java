package org.workr.capability.disk;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The metadata of a LUKS2 header, as {@code cryptsetup luksDump --dump-json-metadata} prints them
 * (LUKS2 On-Disk Format Specification, section 3).
 *
 * @param id tells one state of the header from another: the first 16 hexadecimal digits of the
 *     SHA-256 of the metadata without blanks
 * @param slots numbers of all keyslots that a passphrase opens, with the digests that they belong
 *     to; none for one that belongs to no data (an unbound one)
 * @param tokens all of them, by number
 * @param requirements what cryptsetup must be able to do, such as {@code online-reencrypt-v2}
 * @param volumeKeys of each digest that belongs to data its salt, which no other volume key has
 * @param segments the types of what is on the device, such as {@code crypt}
 * @param integrity whether data are authenticated
 * @param keyslotsSize room for keyslots, in bytes
 * @param metadata their size
 */
record LuksHeader(
    String id,
    Map<Integer, Set<Integer>> slots,
    List<Token> tokens,
    List<String> requirements,
    Map<Integer, String> volumeKeys,
    Set<String> segments,
    boolean integrity,
    long keyslotsSize,
    Metadata metadata) {
  private static final JsonMapper JSON = new JsonMapper();

  /** A copy of a 512-bit key, spread over 4000 stripes and rounded up. */
  private static final long SLOT_SIZE = 258_048;

  /** What a re-encryption keeps besides keys. */
  private static final long WORKING_AREA = 1 << 20;

  private static final int MOST_SLOTS = 32;

  /**
   * A token: what somebody noted about keyslots.
   *
   * @param id its number
   * @param type such as {@code clevis}
   * @param keyslots those that it speaks of
   * @param json all of it
   */
  record Token(int id, String type, Set<Integer> keyslots, JsonNode json) {
    /** Copies the set. */
    Token {
      keyslots = Set.copyOf(keyslots);
    }
  }

  /**
   * How large the metadata are, in bytes.
   *
   * @param area room for them; 0 when that is not said
   * @param fixed what stays whatever is bound: of the keyslots only the smallest one
   */
  record Metadata(long area, int fixed) {}

  /** Copies the collections. */
  LuksHeader {
    slots = Map.copyOf(slots);
    tokens = List.copyOf(tokens);
    requirements = List.copyOf(requirements);
    volumeKeys = Map.copyOf(volumeKeys);
    segments = Set.copyOf(segments);
  }

  /**
   * Reads metadata without blanks and line ends.
   *
   * @throws IllegalArgumentException when they are not LUKS2 metadata
   */
  static LuksHeader parse(String text) {
    try {
      return parse(text, JSON.readTree(text));
    } catch (JacksonException | NumberFormatException e) {
      throw new IllegalArgumentException("not LUKS2 metadata", e);
    }
  }

  private static LuksHeader parse(String text, JsonNode root) {
    if (!root.path("keyslots").isObject() || !root.path("segments").isObject()) {
      throw new IllegalArgumentException("not LUKS2 metadata: no keyslots or no segments");
    }
    Map<Integer, Set<Integer>> slots = new TreeMap<>();
    for (Map.Entry<String, JsonNode> slot : root.path("keyslots").properties()) {
      if (slot.getValue().path("type").asString("").equals("luks2")) {
        slots.put(Integer.valueOf(slot.getKey()), new TreeSet<>());
      }
    }
    Map<Integer, String> volumeKeys = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : root.path("digests").properties()) {
      int digest = Integer.parseInt(entry.getKey());
      if (!numbers(entry.getValue().path("segments")).isEmpty()) {
        volumeKeys.put(digest, entry.getValue().path("salt").asString(""));
        numbers(entry.getValue().path("keyslots"))
            .forEach(slot -> Optional.ofNullable(slots.get(slot)).ifPresent(s -> s.add(digest)));
      }
    }
    Set<String> segments = new TreeSet<>();
    boolean integrity = false;
    for (Map.Entry<String, JsonNode> segment : root.path("segments").properties()) {
      segments.add(segment.getValue().path("type").asString(""));
      integrity |= segment.getValue().has("integrity");
    }
    List<String> requirements = new ArrayList<>();
    root.path("config")
        .path("requirements")
        .path("mandatory")
        .forEach(name -> requirements.add(name.asString("")));
    return new LuksHeader(
        id(text),
        slots,
        tokens(root),
        requirements,
        volumeKeys,
        segments,
        integrity,
        root.path("config").path("keyslots_size").asLong(0),
        new Metadata(root.path("config").path("json_size").asLong(0), fixed(root)));
  }

  private static int fixed(JsonNode root) {
    int slot =
        root.path("keyslots").properties().stream()
            .mapToInt(one -> one.getValue().toString().length())
            .min()
            .orElse(0);
    return slot
        + Stream.of("segments", "digests", "config")
            .mapToInt(name -> root.path(name).toString().length())
            .sum();
  }

  private static List<Token> tokens(JsonNode root) {
    List<Token> tokens = new ArrayList<>();
    for (Map.Entry<String, JsonNode> token : root.path("tokens").properties()) {
      tokens.add(
          new Token(
              Integer.parseInt(token.getKey()),
              token.getValue().path("type").asString(""),
              numbers(token.getValue().path("keyslots")),
              token.getValue()));
    }
    tokens.sort(Comparator.comparing(Token::id));
    return tokens;
  }

  private static Set<Integer> numbers(JsonNode array) {
    Set<Integer> numbers = new TreeSet<>();
    array.forEach(number -> numbers.add(Integer.valueOf(number.asString(""))));
    return numbers;
  }

  private static String id(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Whether a re-encryption was begun and has not ended. */
  boolean reencrypting() {
    return requirements.stream().anyMatch(name -> name.contains("reencrypt"));
  }

  /** Keyslots that open the data. */
  Set<Integer> bound() {
    Set<Integer> bound = new TreeSet<>();
    slots.forEach(
        (slot, digests) -> {
          if (!digests.isEmpty()) {
            bound.add(slot);
          }
        });
    return bound;
  }

  /** Keyslots that open nothing: an interrupted re-encryption leaves them. */
  Set<Integer> unbound() {
    Set<Integer> unbound = new TreeSet<>(slots.keySet());
    unbound.removeAll(bound());
    return unbound;
  }

  /** The tokens of one type. */
  List<Token> tokens(String type) {
    return tokens.stream().filter(token -> token.type().equals(type)).toList();
  }

  /** Keyslots that a token of another program speaks of. */
  Set<Integer> claimed(String type) {
    Set<Integer> claimed = new TreeSet<>();
    tokens(type).forEach(token -> claimed.addAll(token.keyslots()));
    return claimed;
  }

  /** The salt of the only volume key; empty while there are two. */
  Optional<String> volumeKey() {
    return volumeKeys.size() == 1
        ? Optional.of(volumeKeys.values().iterator().next())
        : Optional.empty();
  }

  /** Whether a re-encryption has room for the new copies of the {@code active} keyslots. */
  boolean roomFor(int active) {
    return 2 * active + unbound().size() + 1 <= MOST_SLOTS
        && keyslotsSize >= 2L * active * SLOT_SIZE + WORKING_AREA;
  }
}
