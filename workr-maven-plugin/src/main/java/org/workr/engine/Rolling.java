package org.workr.engine;

import org.workr.value.InvalidValueException;

/**
 * How carefully hosts are changed one after the other.
 *
 * <p>A host that could not be looked at, or that has problems, was not touched, so it says nothing
 * about how the next one will fare: it makes the goal fail in the end, and the others are gone on
 * with, so that one machine that is switched off spares no other its fresh keys. Only when there
 * are more of these than {@code maxFailures}, something is wrong with more than a machine, and no
 * host is begun.
 *
 * @param canary whether the first host that is to be changed goes alone, and the others only when
 *     it is as it was to be
 * @param maxUnavailable how many are under way at once; a part of all that the cluster declares,
 *     since it is the cluster that has to stay usable
 * @param maxFailures after how many hosts that failed no other one is begun, at least 1
 */
public record Rolling(boolean canary, Share maxUnavailable, int maxFailures) {

  /** Refuses a limit that would be over before the first host. */
  public Rolling {
    if (maxFailures < 1) {
      throw new InvalidValueException(
          "no host would be begun after '" + maxFailures + "' failures",
          "Use 1 to stop at the first host that fails, or more.");
    }
  }
}
