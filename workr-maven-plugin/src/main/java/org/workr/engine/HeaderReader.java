package org.workr.engine;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.workr.capability.disk.HeaderId;

/** Brings the LUKS header of a device from a host to the controller, whole or not at all. */
final class HeaderReader {
  private static final Duration LIMIT = HostLock.LONGEST.plus(Duration.ofMinutes(15));

  /** More than LUKS2 allows: 128 MiB of keyslots, and 4 MiB of metadata twice. */
  private static final int LARGEST = 136 << 20;

  /**
   * The copy lies in memory, in a folder that is root's, and only as long as it is sent. A header
   * that is being rewritten is none that may ever be put back.
   */
  private static final String SCRIPT =
      """
      d=/dev/disk/by-uuid/UUID f=/run/workr/header
      say() { printf 'NONCE %s\\n' "$*"; }
      header_id() { HEADER_ID; }
      umask 077
      trap 'rm -f "$f"' EXIT
      trap 'exit 1' HUP INT TERM PIPE
      rm -f "$f"
      i=$(header_id "$d") || { say trouble "its metadata cannot be read"; exit 0; }
      case $(cryptsetup luksDump --dump-json-metadata "$d") in
        *-reencrypt*) say trouble "it is being re-encrypted"; exit 0;;
      esac
      t=$(cryptsetup luksHeaderBackup "$d" --header-backup-file "$f" 2>&1 </dev/null) ||
        { say trouble "$(printf %s "$t" | tail -n 1)"; exit 0; }
      [ "$(header_id "$f")" = "$i" ] && [ "$(header_id "$d")" = "$i" ] ||
        { say trouble "it changed while it was read"; exit 0; }
      say id "$i"
      say size "$(wc -c <"$f")"
      say sha256 "$(sha256sum <"$f" | cut -d ' ' -f 1)"
      base64 -w 8000 "$f" | sed 's/^/NONCE + /'
      """;

  private final HostLock lock;

  HeaderReader(HostLock lock) {
    this.lock = lock;
  }

  /** Takes a header that has arrived; its bytes are wiped afterwards. */
  @FunctionalInterface
  interface Taker {
    /**
     * Takes it, or says why not.
     *
     * @param id as {@link HeaderId} prints it
     */
    void take(String id, byte[] header) throws HostException;
  }

  /**
   * Reads the header of a device.
   *
   * @param uuid of the LUKS device
   * @throws HostException when the header is in flux, or did not arrive as it is
   */
  void read(Remote remote, String uuid, Taker taker) throws HostException {
    String nonce = Remote.nonce();
    Incoming incoming = new Incoming(nonce + " ");
    try {
      lock.run(
          remote,
          SCRIPT
              .replace("HEADER_ID", HeaderId.shell("\"$1\""))
              .replace("UUID", uuid)
              .replace("NONCE", nonce),
          List.of(),
          incoming::take,
          LIMIT);
      incoming.check(uuid);
      taker.take(incoming.id, incoming.bytes);
    } finally {
      incoming.wipe();
    }
  }

  /** What has arrived so far. */
  private static final class Incoming {
    private final String prefix;
    private String trouble = "";
    private String id = "";
    private String sha256 = "";
    private byte[] bytes = {};
    private int count;

    Incoming(String prefix) {
      this.prefix = prefix;
    }

    void take(String line) {
      if (!line.startsWith(prefix) || !trouble.isEmpty()) {
        return;
      }
      String[] words = line.substring(prefix.length()).split(" ", 2);
      String value = words.length == 2 ? words[1].strip() : "";
      switch (words[0]) {
        case "trouble" -> trouble = value.isEmpty() ? "it cannot be read" : value;
        case "id" -> id = value;
        case "sha256" -> sha256 = value;
        case "size" -> room(value);
        default -> add(value);
      }
    }

    private void room(String size) {
      if (!size.matches("[0-9]{1,9}") || Integer.parseInt(size) > LARGEST) {
        trouble = "it has '" + size + "' bytes, and no LUKS header has more than " + LARGEST;
      } else {
        bytes = new byte[Integer.parseInt(size)];
      }
    }

    private void add(String base64) {
      byte[] piece;
      try {
        piece = Base64.getDecoder().decode(base64);
      } catch (IllegalArgumentException e) {
        return; // What is missing shows in the digest.
      }
      if (piece.length <= bytes.length - count) {
        System.arraycopy(piece, 0, bytes, count, piece.length);
        count += piece.length;
      }
      Arrays.fill(piece, (byte) 0);
    }

    void check(String uuid) throws HostException {
      String which = "the LUKS header of " + uuid + " was not stored: ";
      if (!trouble.isEmpty()) {
        throw new HostException(which + trouble + ". Run the goal again.");
      }
      String arrived = HexFormat.of().formatHex(digest());
      if (bytes.length == 0 || count < bytes.length || !arrived.equals(sha256)) {
        throw new HostException(
            which
                + count
                + " of "
                + bytes.length
                + " bytes arrived, with the SHA-256 "
                + arrived
                + " instead of '"
                + sha256
                + "'. Run the goal again.");
      }
      if (!id.matches("[0-9a-f]{16}")) {
        throw new HostException(which + "'" + id + "' is no id of a header. Report this defect.");
      }
    }

    private byte[] digest() {
      try {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java has SHA-256", e);
      }
    }

    void wipe() {
      Arrays.fill(bytes, (byte) 0);
    }
  }
}
