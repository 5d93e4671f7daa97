package org.workr.value;

/**
 * An address of a network interface with the length of its network's prefix, as in {@code
 * 192.168.64.1/16}.
 *
 * @param ip the host's own address
 * @param prefix length of the network part in bits, 1 to 30
 */
public record InterfaceAddress(Ipv4 ip, int prefix) {

  /** Refuses prefixes that leave no room for two hosts. */
  public InterfaceAddress {
    if (prefix < 1 || prefix > 30) {
      throw new InvalidValueException(
          "'/" + prefix + "' leaves no room for a network of hosts",
          "Use a prefix length from 1 to 30, such as " + ip + "/24.");
    }
  }

  /** The address written as {@code a.b.c.d/prefix}. */
  public static InterfaceAddress parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new InvalidValueException(
          "'" + text + "' has no prefix length",
          "Say how large the network is, such as " + text + "/24.");
    }
    String length = text.substring(slash + 1);
    if (!length.matches("\\d{1,2}")) {
      throw new InvalidValueException(
          "'" + text + "' is not an IPv4 address with a prefix length",
          "Use a value such as 10.0.0.30/24.");
    }
    Ipv4 ip;
    try {
      ip = Ipv4.parse(text.substring(0, slash));
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          "'" + text + "' is not an IPv4 address with a prefix length",
          text.contains(":")
              ? "This version of workr sets IPv4 addresses only: use a value such as 10.0.0.30/24."
              : "Use a value such as 10.0.0.30/24.");
    }
    return new InterfaceAddress(ip, Integer.parseInt(length));
  }

  /** The network's mask, for example 255.255.0.0. */
  public Ipv4 netmask() {
    return new Ipv4(-1 << (32 - prefix));
  }

  /** The network's first address, which no host may have. */
  public Ipv4 network() {
    return new Ipv4(ip.bits() & netmask().bits());
  }

  /** The network's last address, which no host may have. */
  public Ipv4 broadcast() {
    return new Ipv4(ip.bits() | ~netmask().bits());
  }

  /** Whether {@code other} can be reached on this network without a gateway. */
  public boolean contains(Ipv4 other) {
    return (other.bits() & netmask().bits()) == network().bits();
  }

  @Override
  public String toString() {
    return ip + "/" + prefix;
  }
}
