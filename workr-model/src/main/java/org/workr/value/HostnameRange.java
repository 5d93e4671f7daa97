package org.workr.value;

import java.util.List;

/**
 * Host names written as a range.
 *
 * @param text as written, for example {@code workr[1-5]}
 * @param names what it stands for, in order
 */
public record HostnameRange(String text, List<Hostname> names) {

  /** Copies the list. */
  public HostnameRange {
    names = List.copyOf(names);
  }

  /** The range written as {@code text}. */
  public static HostnameRange parse(String text) {
    return new HostnameRange(text, HostRange.expand(text, Hostname::parse));
  }

  @Override
  public String toString() {
    return text;
  }
}
