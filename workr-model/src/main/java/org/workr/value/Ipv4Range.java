package org.workr.value;

import java.util.List;

/**
 * IPv4 addresses written as a range.
 *
 * @param text as written, for example {@code 192.168.1.[101-105]}
 * @param addresses what it stands for, in order
 */
public record Ipv4Range(String text, List<Ipv4> addresses) {

  /** Copies the list. */
  public Ipv4Range {
    addresses = List.copyOf(addresses);
  }

  /** The range written as {@code text}. */
  public static Ipv4Range parse(String text) {
    return new Ipv4Range(text, HostRange.expand(text, Ipv4::parse));
  }

  @Override
  public String toString() {
    return text;
  }
}
