package org.workr.capability.packages;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.workr.value.InvalidValueException;
import org.workr.value.PgpFingerprint;

/**
 * An OpenPGP key that signs a package repository (RFC 4880 and RFC 9580, version 4 keys).
 *
 * <p>Fingerprints are computed from the key itself, here, so a key that is not the pinned one never
 * reaches a host. What else is in the file is kept as it is: apt trusts every primary key of it,
 * which is why {@link #fingerprints} lists all of them.
 *
 * @param armored the key as ASCII armour, the form in which apt reads {@code .asc} files
 */
public record OpenPgpKey(String armored) {
  private static final String BEGIN = "-----BEGIN PGP PUBLIC KEY BLOCK-----";
  private static final String END = "-----END PGP PUBLIC KEY BLOCK-----";
  private static final int PUBLIC_KEY = 6;

  /** Refuses what holds no public key, and brings the armour into one form. */
  public OpenPgpKey {
    byte[] binary = dearmor(armored);
    if (primaryKeys(binary).isEmpty()) {
      throw wrong("it holds no public key");
    }
    armored = armor(binary);
  }

  /** The key written as {@code text} in ASCII armour. */
  public static OpenPgpKey parse(String text) {
    return new OpenPgpKey(text);
  }

  /** The key in a file, armoured or binary. */
  public static OpenPgpKey of(byte[] file) {
    boolean binary = file.length > 0 && (file[0] & 0x80) != 0;
    return new OpenPgpKey(
        binary ? armor(file) : new String(file, java.nio.charset.StandardCharsets.US_ASCII));
  }

  /** The fingerprints of all primary keys in it. */
  public List<PgpFingerprint> fingerprints() {
    return primaryKeys(dearmor(armored)).stream().map(OpenPgpKey::fingerprint).toList();
  }

  /** Whether it is the one key with this fingerprint, and nothing besides it would be trusted. */
  public boolean isExactly(PgpFingerprint fingerprint) {
    return fingerprints().equals(List.of(fingerprint));
  }

  /** A fingerprint, not 1500 characters. */
  @Override
  public String toString() {
    return fingerprints().stream().map(PgpFingerprint::value).collect(Collectors.joining(", "));
  }

  private static PgpFingerprint fingerprint(byte[] body) {
    // RFC 4880, section 12.2: SHA-1 over 0x99, the length in two octets, the packet's body.
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update(new byte[] {(byte) 0x99, (byte) (body.length >> 8), (byte) body.length});
      return PgpFingerprint.parse(HexFormat.of().formatHex(sha1.digest(body)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }

  /** The bodies of the packets that are primary public keys. */
  private static List<byte[]> primaryKeys(byte[] binary) {
    List<byte[]> keys = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(binary);
    try {
      while (in.hasRemaining()) {
        int header = in.get() & 0xff;
        if ((header & 0x80) == 0) {
          throw wrong("it is damaged");
        }
        boolean modern = (header & 0x40) != 0;
        int tag = modern ? header & 0x3f : (header >> 2) & 0x0f;
        byte[] body = new byte[checked(in, modern ? length(in) : oldLength(in, header & 3))];
        in.get(body);
        if (tag == PUBLIC_KEY) {
          if (body.length == 0 || body[0] != 4) {
            throw wrong("it is not a key of version 4");
          }
          keys.add(body);
        }
      }
    } catch (java.nio.BufferUnderflowException e) {
      throw wrong("it is cut off");
    }
    return keys;
  }

  /** RFC 4880, section 4.2.2. */
  private static int length(ByteBuffer in) {
    int first = in.get() & 0xff;
    if (first < 192) {
      return first;
    }
    if (first < 224) {
      return ((first - 192) << 8) + (in.get() & 0xff) + 192;
    }
    if (first == 255) {
      return in.getInt();
    }
    throw wrong("it has packets of unknown length");
  }

  /** RFC 4880, section 4.2.1. */
  private static int oldLength(ByteBuffer in, int type) {
    return switch (type) {
      case 0 -> in.get() & 0xff;
      case 1 -> in.getShort() & 0xffff;
      case 2 -> in.getInt();
      default -> throw wrong("it has packets of unknown length");
    };
  }

  private static int checked(ByteBuffer in, int length) {
    if (length < 0 || length > in.remaining()) {
      throw wrong("it is cut off");
    }
    return length;
  }

  private static byte[] dearmor(String text) {
    int begin = text.indexOf(BEGIN);
    int end = text.indexOf(END);
    if (begin < 0 || end < begin || text.lastIndexOf(BEGIN) != begin) {
      throw wrong(begin < 0 ? "it is no public key block" : "it is not one public key block");
    }
    StringBuilder data = new StringBuilder();
    for (String line : text.substring(begin + BEGIN.length(), end).lines().toList()) {
      // Headers such as "Version:" come first; what starts with = is the checksum.
      if (!line.contains(":") && !line.strip().startsWith("=")) {
        data.append(line.replaceAll("\\s", ""));
      }
    }
    try {
      return Base64.getDecoder().decode(data.toString());
    } catch (IllegalArgumentException e) {
      throw wrong("it is damaged");
    }
  }

  private static String armor(byte[] binary) {
    String data = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(binary);
    byte[] crc = Arrays.copyOfRange(ByteBuffer.allocate(4).putInt(crc24(binary)).array(), 1, 4);
    return BEGIN
        + "\n\n"
        + data
        + "\n="
        + Base64.getEncoder().encodeToString(crc)
        + "\n"
        + END
        + "\n";
  }

  /** RFC 4880, section 6.1; old versions of GnuPG want it. */
  private static int crc24(byte[] data) {
    int crc = 0xB704CE;
    for (byte octet : data) {
      crc ^= (octet & 0xff) << 16;
      for (int i = 0; i < 8; i++) {
        crc <<= 1;
        if ((crc & 0x1000000) != 0) {
          crc ^= 0x1864CFB;
        }
      }
    }
    return crc & 0xFFFFFF;
  }

  private static InvalidValueException wrong(String what) {
    return new InvalidValueException(
        "this is not the OpenPGP key of a repository: " + what,
        "Use the file that its provider publishes, as text that begins with " + BEGIN + ".");
  }
}
