package org.workr.facts;

import java.util.Map;

/**
 * Everything that was probed on one host, as the raw text that each probe printed.
 *
 * @param sections by fact id
 */
public record Facts(Map<String, Section> sections) {

  /**
   * What one probe did.
   *
   * @param status its exit status
   * @param output its stdout, without line ends at the end
   */
  public record Section(int status, String output) {}

  /** Copies the map. */
  public Facts {
    sections = Map.copyOf(sections);
  }

  /** What is known of {@code fact}. */
  public <T> Reading<T> get(Fact<T> fact) {
    Section section = sections.get(fact.id());
    if (section == null) {
      return new Reading.Unknown<>("it was not probed");
    }
    if (section.status() != 0) {
      return new Reading.Unknown<>("the probe ended with status " + section.status());
    }
    return fact.read(section.output());
  }
}
