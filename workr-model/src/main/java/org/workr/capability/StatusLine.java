package org.workr.capability;

import java.time.Duration;
import java.time.Instant;
import org.workr.facts.Reading;

/**
 * One thing about a host's present state that a person may want to know.
 *
 * @param subject what it is about, such as {@code volume key}; the same for all hosts
 * @param text how it is
 * @param attention whether a person should do something about it
 */
public record StatusLine(String subject, String text, boolean attention) {

  /**
   * How long ago something was, and when.
   *
   * @param since when
   * @param clock the clock that says so, in seconds since 1970
   */
  public static String age(Instant since, Reading<Long> clock) {
    String when = since.toString();
    if (!(clock instanceof Reading.Known<Long> now)) {
      return when;
    }
    Duration age = Duration.between(since, Instant.ofEpochSecond(now.value()));
    String text =
        age.toDays() > 1
            ? age.toDays() + " days"
            : age.toHours() > 1 ? age.toHours() + " h" : Math.max(0, age.toMinutes()) + " min";
    return text + " ago (" + when + ")";
  }

  /** Something that is as it should be. */
  public static StatusLine good(String subject, String text) {
    return new StatusLine(subject, text, false);
  }

  /** Something that is not as it should be. */
  public static StatusLine bad(String subject, String text) {
    return new StatusLine(subject, text, true);
  }
}
