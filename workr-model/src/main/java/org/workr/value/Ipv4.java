package org.workr.value;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An IPv4 address.
 *
 * @param bits the address as a number in network order: 10.0.0.1 is 0x0A000001
 */
public record Ipv4(int bits) implements Comparable<Ipv4> {
  private static final Pattern DOTTED =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");

  /** The address written as four decimal numbers with dots. */
  public static Ipv4 parse(String text) {
    Matcher matcher = DOTTED.matcher(text);
    if (!matcher.matches()) {
      throw refused(text);
    }
    int bits = 0;
    for (int i = 1; i <= 4; i++) {
      String part = matcher.group(i);
      int number = Integer.parseInt(part);
      // A leading zero means octal to inet_aton(3) and decimal to others: nobody should have to
      // know.
      if (number > 255 || (part.length() > 1 && part.startsWith("0"))) {
        throw refused(text);
      }
      bits = bits << 8 | number;
    }
    return new Ipv4(bits);
  }

  private static InvalidValueException refused(String text) {
    if (text.contains(":")) {
      return new InvalidValueException(
          "'" + text + "' is an IPv6 address, and this version of workr sets IPv4 addresses only",
          "Use an IPv4 address such as 10.0.0.30.");
    }
    return new InvalidValueException(
        "'" + text + "' is not an IPv4 address", "Use a value such as 10.0.0.30.");
  }

  @Override
  public int compareTo(Ipv4 other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
