package org.workr.value;

import java.util.List;

/**
 * Addresses of network interfaces written as a range.
 *
 * @param text as written, for example {@code 192.168.64.[1-5]/16}
 * @param addresses what it stands for, in order
 */
public record AddressRange(String text, List<InterfaceAddress> addresses) {

  /** Copies the list. */
  public AddressRange {
    addresses = List.copyOf(addresses);
  }

  /** The range written as {@code text}. */
  public static AddressRange parse(String text) {
    return new AddressRange(text, HostRange.expand(text, InterfaceAddress::parse));
  }

  @Override
  public String toString() {
    return text;
  }
}
