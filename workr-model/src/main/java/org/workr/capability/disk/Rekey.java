package org.workr.capability.disk;

import java.time.Instant;
import java.util.Set;
import org.workr.capability.Situation;
import org.workr.capability.platform.Platform;
import org.workr.facts.Reading;

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
    VOLUME_KEY,
    /** The keys of Tang servers. */
    TANG
  }

  /** Copies the set. */
  public Rekey {
    parts = Set.copyOf(parts);
  }

  /** The same on the clock of a host, by which its notes and files go. */
  public Rekey onTheClockOf(Situation situation) {
    return situation.get(Platform.CLOCK) instanceof Reading.Known<Long> host
            && situation.get(Platform.CONTROLLER_CLOCK) instanceof Reading.Known<Long> controller
        ? new Rekey(parts, before.plusSeconds(host.value() - controller.value()), rehearse)
        : this;
  }

  /** Whether {@code part}, which is as old as {@code since}, is to be replaced. */
  public boolean due(Part part, Instant since) {
    return parts.contains(part) && since.isBefore(before);
  }
}
