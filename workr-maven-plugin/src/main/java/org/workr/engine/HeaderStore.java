package org.workr.engine;

import java.util.List;
import org.workr.value.Hostname;

/** The controller's copies of LUKS headers, encrypted. Safe for use by several threads. */
public interface HeaderStore {

  /**
   * A copy that is stored.
   *
   * @param uuid of the LUKS device
   * @param id tells headers of one device apart: another passphrase, binding or volume key makes
   *     another one
   * @param since when it was stored, seconds since 1970
   */
  record Stored(String uuid, String id, long since) {}

  /** Whether there is anything to encrypt copies with. */
  boolean possible();

  /** What is stored of a host, in no order. */
  List<Stored> stored(Hostname host);

  /**
   * Stores a header, proves that it can be read back, and then destroys all others of this device.
   *
   * @param header what {@code cryptsetup luksHeaderBackup} wrote; the caller wipes it
   * @throws IllegalStateException in words for a person, when it cannot be stored
   */
  void store(Hostname host, String uuid, String id, byte[] header);

  /**
   * Destroys all copies of a device's header.
   *
   * @throws IllegalStateException in words for a person, when one is left
   */
  void destroy(Hostname host, String uuid);

  /**
   * Destroys all copies of a host, also those of disks that it no longer has.
   *
   * @throws IllegalStateException in words for a person, when one is left
   */
  void destroyAll(Hostname host);
}
