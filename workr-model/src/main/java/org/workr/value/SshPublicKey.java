package org.workr.value;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An SSH public key as a line of {@code authorized_keys} without options has it: type, base64,
 * comment. The blob is checked (RFC 4253, section 6.6, RFC 5656, RFC 8709): its inner type, the
 * number of its fields and their lengths.
 *
 * @param type such as {@code ssh-ed25519}
 * @param blob the key in base64
 * @param comment what stands behind it; empty for nothing
 */
public record SshPublicKey(String type, String blob, String comment) {
  private static final Pattern LINE = Pattern.compile("(\\S+)[ \\t]+(\\S+)(?:[ \\t]+(.*))?");

  /** The types that are accepted, and how many fields their blobs have behind the type. */
  private static final Map<String, Integer> FIELDS =
      Map.of(
          "ssh-ed25519", 1,
          "ssh-rsa", 2,
          "ecdsa-sha2-nistp256", 2,
          "ecdsa-sha2-nistp384", 2,
          "ecdsa-sha2-nistp521", 2,
          "sk-ssh-ed25519@openssh.com", 2,
          "sk-ecdsa-sha2-nistp256@openssh.com", 3);

  /** Checks the blob. */
  public SshPublicKey {
    if (comment.chars().anyMatch(Character::isISOControl)) {
      throw refused("the key's comment has control characters", "Write the key on one line.");
    }
    checkType(type);
    checkBlob(type, decode(blob));
  }

  /** The key on the line {@code text}. A private key is refused without being quoted. */
  public static SshPublicKey parse(String text) {
    if (text.contains("PRIVATE KEY")) {
      throw refused(
          "this is a private key, which must not stand here",
          "Remove it, take it for exposed, and use the line of the .pub file beside it.");
    }
    String line = text.strip();
    if (line.indexOf('\n') >= 0 || line.indexOf('\r') >= 0) {
      throw refused("there is more than one line", "Write each key as an element of its own.");
    }
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw refused(
          "'" + line + "' is not an SSH public key",
          "Use the whole line of the .pub file: its type, the key and a comment.");
    }
    String comment = matcher.group(3);
    return new SshPublicKey(
        matcher.group(1), matcher.group(2), comment == null ? "" : comment.strip());
  }

  /**
   * The keys in a file such as {@code authorized_keys}, or in what a URL answered: one on each
   * line, without blank lines and comments.
   *
   * @throws InvalidValueException when a line is no key, with its number, or when there is no key
   */
  public static List<SshPublicKey> parseAll(String text) {
    if (text.contains("PRIVATE KEY")) {
      parse(text);
    }
    List<SshPublicKey> keys = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        keys.add(parse(line));
      } catch (InvalidValueException e) {
        throw refused("line " + (i + 1) + ": " + e.summary(), e.hint());
      }
    }
    if (keys.isEmpty()) {
      throw refused("there is no SSH public key in it", "Each key stands on a line of its own.");
    }
    return List.copyOf(keys);
  }

  /** The fingerprint that {@code ssh-keygen -l} prints. */
  public Fingerprint fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(decode(blob));
      return new Fingerprint(
          "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** The line of an {@code authorized_keys} or {@code .pub} file, without line end. */
  public String line() {
    return type + " " + blob + (comment.isEmpty() ? "" : " " + comment);
  }

  @Override
  public String toString() {
    return line();
  }

  private static void checkType(String type) {
    if (FIELDS.containsKey(type)) {
      return;
    }
    if (type.equals("ssh-dss")) {
      throw refused("'ssh-dss' keys are too weak, and sshd refuses them", newKey());
    }
    if (type.contains("-cert-v0")) {
      throw refused(
          "'" + type + "' is a certificate, not a key", "Use the .pub file that it was made from.");
    }
    if (type.contains("=") || type.contains(",") || type.equals("restrict")) {
      throw refused(
          "the key has options in front of it, which workr does not set",
          "Write only the type, the key and the comment.");
    }
    throw refused(
        "'" + type + "' is not a type of SSH public key",
        "Use the whole line of the .pub file; it starts with a type such as ssh-ed25519.");
  }

  private static byte[] decode(String blob) {
    try {
      return Base64.getDecoder().decode(blob);
    } catch (IllegalArgumentException e) {
      throw refused("the key is not base64, so a part of it is lost or changed", copyAgain());
    }
  }

  private static void checkBlob(String type, byte[] bytes) {
    ByteBuffer blob = ByteBuffer.wrap(bytes);
    String inner = new String(field(blob), StandardCharsets.US_ASCII);
    if (!inner.equals(type)) {
      throw refused(
          "the line says '" + type + "', but the key in it is of another type", copyAgain());
    }
    byte[][] fields = new byte[FIELDS.get(type)][];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = field(blob);
    }
    if (blob.hasRemaining()) {
      throw refused("there are bytes too many behind the key", copyAgain());
    }
    if (type.contains("ed25519") && fields[0].length != 32) {
      throw refused("the ed25519 key does not have 32 bytes", copyAgain());
    }
    if (type.contains("ecdsa")) {
      checkCurve(type, fields);
    }
    if (type.equals("ssh-rsa")) {
      int bits = new java.math.BigInteger(1, fields[1]).bitLength();
      if (bits < 2048) {
        throw refused("the RSA key has " + bits + " bits, which is too few", newKey());
      }
    }
  }

  private static void checkCurve(String type, byte[][] fields) {
    String curve = new String(fields[0], StandardCharsets.US_ASCII);
    int bytes = curve.equals("nistp521") ? 66 : curve.equals("nistp384") ? 48 : 32;
    boolean uncompressedPoint = fields[1].length == 1 + 2 * bytes && fields[1][0] == 4;
    if (!type.contains(curve) || curve.isEmpty() || !uncompressedPoint) {
      throw refused("the key is not a point of the curve that its type names", copyAgain());
    }
  }

  private static byte[] field(ByteBuffer blob) {
    if (blob.remaining() >= 4) {
      int length = blob.getInt();
      if (length >= 0 && length <= blob.remaining()) {
        byte[] field = new byte[length];
        blob.get(field);
        return field;
      }
    }
    throw refused("the key ends too early, so a part of it is lost", copyAgain());
  }

  private static String copyAgain() {
    return "Copy the line of the .pub file again; ssh-keygen -lf FILE says whether it is whole.";
  }

  private static String newKey() {
    return "Make a new one with: ssh-keygen -t ed25519";
  }

  private static InvalidValueException refused(String summary, String hint) {
    return new InvalidValueException(summary, hint);
  }
}
