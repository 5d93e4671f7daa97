package org.workr.ssh;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;
import java.util.List;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.verification.HostKeyVerifier;
import org.jspecify.annotations.Nullable;
import org.workr.value.Fingerprint;

/**
 * Accepts a server that proves one of the pinned keys, for one connection. sshj asks it on its
 * reader thread before anything but the key exchange has been sent, and again whenever keys are
 * renewed; then only the key that was proved first will do.
 */
final class PinnedHostKey implements HostKeyVerifier {

  private final List<Fingerprint> accepted;
  private final HostKeyType askedFor;
  private volatile @Nullable Fingerprint proven;
  private volatile @Nullable Presented rejected;

  /** A key that a server showed and that is not accepted. */
  record Presented(String type, Fingerprint fingerprint) {
    @Override
    public String toString() {
      return fingerprint + " (" + type + ")";
    }
  }

  /**
   * @param askedFor the type that the server is asked to use if it has such a key
   */
  PinnedHostKey(List<Fingerprint> accepted, HostKeyType askedFor) {
    this.accepted = accepted;
    this.askedFor = askedFor;
  }

  @Override
  public boolean verify(String address, int port, PublicKey key) {
    Fingerprint shown = fingerprint(key);
    Fingerprint before = proven;
    if (before == null ? accepted.contains(shown) : before.equals(shown)) {
      proven = shown;
      return true;
    }
    rejected = new Presented(KeyType.fromKey(key).toString(), shown);
    return false;
  }

  @Override
  public List<String> findExistingAlgorithms(String address, int port) {
    return askedFor.signatures();
  }

  /** The key that the server proved, or null as long as it has not. */
  @Nullable Fingerprint proven() {
    return proven;
  }

  /** The key that was turned away, or null. */
  @Nullable Presented rejected() {
    return rejected;
  }

  private static Fingerprint fingerprint(PublicKey key) {
    byte[] blob = new Buffer.PlainBuffer().putPublicKey(key).getCompactData();
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return new Fingerprint(
          "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
