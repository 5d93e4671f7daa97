package org.workr.secret;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
import org.workr.value.SecretName;

/**
 * A secret in memory. It has no way to become text: it prints as its name, is not serializable, and
 * two of them are never equal. Closing it overwrites it. Safe for use by several threads.
 */
public final class Secret implements AutoCloseable {
  private final SecretName name;
  private final char[] value;
  private boolean closed;

  private Secret(SecretName name, char[] value) {
    this.name = name;
    this.value = value;
  }

  /** A secret with a copy of {@code value}, which is overwritten. */
  public static Secret take(SecretName name, char[] value) {
    Secret secret = new Secret(name, value.clone());
    Arrays.fill(value, '\0');
    return secret;
  }

  /** The name under which it was looked for. */
  public SecretName name() {
    return name;
  }

  /**
   * Lends a copy of the secret as UTF-8 to {@code use}, and overwrites the copy afterwards, however
   * {@code use} ends.
   *
   * @return what {@code use} made of it, which must not be the copy
   */
  public <T> T reveal(Function<? super byte[], T> use) {
    char[] chars = copy();
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(chars));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    Arrays.fill(encoded.array(), (byte) 0);
    Arrays.fill(chars, '\0');
    try {
      return use.apply(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  /** A copy that belongs to the receiver, who overwrites it after use. */
  public synchronized char[] copy() {
    if (closed) {
      throw new IllegalStateException(this + " was wiped before it was used");
    }
    return value.clone();
  }

  /** Whether both are the same text; takes the same time wherever they differ. */
  public boolean sameAs(Secret other) {
    return reveal(mine -> other.reveal(theirs -> MessageDigest.isEqual(mine, theirs)));
  }

  /** The same secret under another name. */
  public Secret as(SecretName other) {
    return new Secret(other, copy());
  }

  /** Overwrites it. */
  @Override
  public synchronized void close() {
    Arrays.fill(value, '\0');
    closed = true;
  }

  /** Its name, never its value. */
  @Override
  public String toString() {
    return "Secret[" + name + "]";
  }
}
