package org.workr.capability.packages;

/** Whether something is to be installed. */
public enum Wanted {
  /** Where it makes sense. */
  AUTO,
  /** Always. */
  TRUE,
  /** Never; it is not removed either. */
  FALSE
}
