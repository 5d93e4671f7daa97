package org.workr.capability.packages;

/** Which of the installed packages are brought up to date. */
public enum Upgrade {
  /** None. */
  NONE,
  /** Those with an update in the distribution's security archive. */
  SECURITY,
  /** All. */
  ALL
}
