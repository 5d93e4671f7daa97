package org.workr.capability.platform;

import java.util.List;

/**
 * What the rest of the pom expects of every machine.
 *
 * @param encrypted whether the pom speaks of the disk, so that it must be encrypted
 * @param tang servers that unlock the disk at boot
 * @param threshold how many of them must answer
 */
public record PlatformSpec(boolean encrypted, List<Tang> tang, int threshold) {

  /**
   * A Tang server.
   *
   * @param url without a slash at its end
   * @param thumbprint of a key that signs its advertisement (RFC 7638), SHA-256 or SHA-1, base64url
   */
  public record Tang(String url, String thumbprint) {}

  /** Copies the list. */
  public PlatformSpec {
    tang = List.copyOf(tang);
  }
}
