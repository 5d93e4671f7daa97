package org.workr.capability;

/**
 * One thing about a host's present state that a person may want to know.
 *
 * @param subject what it is about, such as {@code volume key}; the same for all hosts
 * @param text how it is
 * @param attention whether a person should do something about it
 */
public record StatusLine(String subject, String text, boolean attention) {

  /** Something that is as it should be. */
  public static StatusLine good(String subject, String text) {
    return new StatusLine(subject, text, false);
  }

  /** Something that is not as it should be. */
  public static StatusLine bad(String subject, String text) {
    return new StatusLine(subject, text, true);
  }
}
