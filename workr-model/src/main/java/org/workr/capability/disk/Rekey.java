package org.workr.capability.disk;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * What a person or a schedule wants replaced.
 *
 * @param parts what
 * @param before only what is older than this
 * @param rehearse whether each host is restarted afterwards, which proves that it unlocks by itself
 */
public record Rekey(Set<Part> parts, Instant before, boolean rehearse) {

  /** What can be replaced. */
  public enum Part {
    /** The passphrase of the host. */
    PASSPHRASE,
    /** The binding that unlocks the disk at boot. */
    BINDING,
    /** The key that the data are encrypted with. */
    VOLUME_KEY
  }

  /** Copies the set. */
  public Rekey {
    parts = Set.copyOf(parts);
  }

  /** The same on the clock of a host that is {@code ahead} of the controller's. */
  Rekey onClockThatIs(Duration ahead) {
    return new Rekey(parts, before.plus(ahead), rehearse);
  }

  /** Whether {@code part}, which is as old as {@code since}, is to be replaced. */
  boolean due(Part part, Instant since) {
    return parts.contains(part) && since.isBefore(before);
  }
}
