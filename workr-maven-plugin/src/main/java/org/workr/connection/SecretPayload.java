package org.workr.connection;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A payload of pieces of text and secrets in the order in which they were added. Not safe for use
 * by several threads while it is being built.
 */
public final class SecretPayload implements Payload {

  private final List<byte[]> pieces = new ArrayList<>();

  /** Adds text that is no secret, as UTF-8. */
  public SecretPayload text(String text) {
    pieces.add(text.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Adds a secret as UTF-8; {@code secret} belongs to the caller, who wipes it. */
  public SecretPayload secret(char[] secret) {
    ByteBuffer encoded = StandardCharsets.UTF_8.encode(CharBuffer.wrap(secret));
    byte[] piece = new byte[encoded.remaining()];
    encoded.get(piece);
    Arrays.fill(encoded.array(), (byte) 0);
    pieces.add(piece);
    return this;
  }

  /** Adds secret bytes; {@code secret} belongs to the caller, who wipes it. */
  public SecretPayload secret(byte[] secret) {
    pieces.add(secret.clone());
    return this;
  }

  @Override
  public void writeTo(OutputStream out) throws IOException {
    for (byte[] piece : pieces) {
      out.write(piece);
    }
  }

  @Override
  public void wipe() {
    for (byte[] piece : pieces) {
      Arrays.fill(piece, (byte) 0);
    }
    pieces.clear();
  }

  /** Says how many bytes, never which. */
  @Override
  public String toString() {
    return "payload of " + pieces.stream().mapToInt(piece -> piece.length).sum() + " bytes";
  }
}
