package org.workr.report;

import java.util.Locale;

/** What became of a host or of a change, in Ansible's words. */
public enum Status {
  /** It was as declared. */
  OK,
  /** It was not, and now is, or will be by itself. */
  CHANGED,
  /** It was not, and making it so failed. */
  FAILED,
  /** The host did not answer, or answered with a host key that is not expected. */
  UNREACHABLE,
  /** Nothing was tried: left out on purpose, or because of something before it. */
  SKIPPED;

  /** The word in lower case, as it is printed. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
