package org.workr.capability.disk;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a Tang server says of its keys: a JWS (RFC 7515, JSON serialisation, flattened or general)
 * over a set of JWKs, signed by every key that it advertises for verification.
 *
 * <p>A server is trusted when the key with the pinned thumbprint has signed; that the key is in the
 * set proves nothing, since anybody can copy it there.
 */
final class TangAdvertisement {
  private static final JsonMapper JSON = new JsonMapper();

  /** Curve and hash by the name of the signature algorithm (RFC 7518, section 3.4). */
  private static final Map<String, List<String>> ALGORITHMS =
      Map.of(
          "ES256", List.of("P-256", "secp256r1", "SHA256withECDSAinP1363Format"),
          "ES384", List.of("P-384", "secp384r1", "SHA384withECDSAinP1363Format"),
          "ES512", List.of("P-521", "secp521r1", "SHA512withECDSAinP1363Format"));

  private final String payload;
  private final List<JsonNode> keys;
  private final List<JsonNode> signatures;

  private TangAdvertisement(String payload, List<JsonNode> keys, List<JsonNode> signatures) {
    this.payload = payload;
    this.keys = keys;
    this.signatures = signatures;
  }

  /**
   * Reads an answer of {@code GET /adv}.
   *
   * @throws IllegalArgumentException when it is something else
   */
  static TangAdvertisement parse(String text) {
    try {
      JsonNode jws = JSON.readTree(text);
      String payload = jws.path("payload").asString("");
      List<JsonNode> keys = new ArrayList<>();
      JSON.readTree(decode(payload)).path("keys").forEach(keys::add);
      List<JsonNode> signatures = new ArrayList<>();
      if (jws.path("signatures").isArray()) {
        jws.path("signatures").forEach(signatures::add);
      } else {
        signatures.add(jws);
      }
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("it advertises no key");
      }
      return new TangAdvertisement(payload, keys, signatures);
    } catch (JacksonException e) {
      throw new IllegalArgumentException("it is not a JWS", e);
    }
  }

  /** Whether a key with {@code thumbprint} is advertised and has signed the advertisement. */
  boolean signedBy(String thumbprint) {
    return keys.stream()
        .filter(key -> hasThumbprint(key, thumbprint))
        .anyMatch(key -> signatures.stream().anyMatch(signature -> verifies(key, signature)));
  }

  /** SHA-256 thumbprints of the keys that have signed it. */
  List<String> signers() {
    return keys.stream()
        .filter(key -> signatures.stream().anyMatch(signature -> verifies(key, signature)))
        .map(key -> thumbprint(key, "SHA-256"))
        .toList();
  }

  /** Whether {@code key}, which need not be advertised any more, has signed it. */
  boolean vouchedFor(JsonNode key) {
    return signatures.stream().anyMatch(signature -> verifies(key, signature));
  }

  /** The keys that it advertises. */
  List<JsonNode> keys() {
    return List.copyOf(keys);
  }

  /** Whether it advertises a key with {@code thumbprint}. */
  boolean has(String thumbprint) {
    return keys.stream().anyMatch(key -> hasThumbprint(key, thumbprint));
  }

  /** The SHA-256 and the SHA-1 thumbprint of a key; none of one that no Tang server has. */
  static List<String> thumbprints(JsonNode key) {
    return Stream.of(thumbprint(key, "SHA-256"), thumbprint(key, "SHA-1"))
        .filter(print -> !print.isEmpty())
        .toList();
  }

  private static boolean hasThumbprint(JsonNode key, String thumbprint) {
    return thumbprint.equals(thumbprint(key, "SHA-256"))
        || thumbprint.equals(thumbprint(key, "SHA-1"));
  }

  /** RFC 7638: the hash of the required members, sorted, without blanks. */
  private static String thumbprint(JsonNode key, String digest) {
    if (!key.path("kty").asString("").equals("EC")) {
      return "";
    }
    String canonical =
        "{\"crv\":\"%s\",\"kty\":\"EC\",\"x\":\"%s\",\"y\":\"%s\"}"
            .formatted(
                key.path("crv").asString(""),
                key.path("x").asString(""),
                key.path("y").asString(""));
    try {
      byte[] hash =
          MessageDigest.getInstance(digest).digest(canonical.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + digest, e);
    }
  }

  private boolean verifies(JsonNode key, JsonNode signature) {
    String header = signature.path("protected").asString("");
    try {
      String algorithm = JSON.readTree(decode(header)).path("alg").asString("");
      List<String> names = ALGORITHMS.get(algorithm);
      if (names == null || !names.get(0).equals(key.path("crv").asString(""))) {
        return false;
      }
      Signature verifier = Signature.getInstance(names.get(2));
      verifier.initVerify(publicKey(key, names.get(1)));
      verifier.update((header + "." + payload).getBytes(StandardCharsets.US_ASCII));
      return verifier.verify(decode(signature.path("signature").asString("")));
    } catch (GeneralSecurityException | JacksonException | IllegalArgumentException e) {
      // Not a signature of this key, for whatever reason.
      return false;
    }
  }

  private static PublicKey publicKey(JsonNode key, String curve) throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec(curve));
    ECPoint point =
        new ECPoint(
            new BigInteger(1, decode(key.path("x").asString(""))),
            new BigInteger(1, decode(key.path("y").asString(""))));
    return KeyFactory.getInstance("EC")
        .generatePublic(
            new ECPublicKeySpec(point, parameters.getParameterSpec(ECParameterSpec.class)));
  }

  private static byte[] decode(String text) {
    return Base64.getUrlDecoder().decode(text);
  }
}
