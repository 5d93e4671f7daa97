package org.workr.capability.network;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;

/**
 * A global IPv4 address that the host has.
 *
 * @param networkInterface where
 * @param ip the address
 * @param prefix length of its network's prefix in bits
 * @param dynamic whether it has a lifetime, as what DHCP gives has
 */
record LocalAddress(String networkInterface, Ipv4 ip, int prefix, boolean dynamic) {
  private static final Pattern LINE =
      Pattern.compile("\\d+: (\\S+) +inet ([0-9.]+)(?: peer [0-9.]+)?/(\\d+) (.*)");

  /** From the lines of {@code ip -o -4 addr show scope global}. */
  static List<LocalAddress> parse(String text) {
    return text.lines().filter(line -> !line.isBlank()).map(LocalAddress::parseLine).toList();
  }

  private static LocalAddress parseLine(String line) {
    Matcher matcher = LINE.matcher(line.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("'" + line + "' is not a line of ip -o addr");
    }
    return new LocalAddress(
        matcher.group(1),
        Ipv4.parse(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        List.of(matcher.group(4).split(" ")).contains("dynamic"));
  }

  /** Whether it is {@code address}, network and all. */
  boolean is(InterfaceAddress address) {
    return ip.equals(address.ip()) && prefix == address.prefix();
  }

  /** Whether it is somebody's floating address, which comes and goes without workr. */
  boolean floating() {
    return prefix == 32 && !dynamic;
  }

  @Override
  public String toString() {
    return ip + "/" + prefix + (dynamic ? " by DHCP" : "");
  }
}
