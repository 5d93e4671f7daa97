package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.facts.Fact;
import org.workr.facts.Reading;

/** Which interface is to have the address 10.1.1.5/24, on machines with several. */
class InterfaceProbeTest {
  private static final String TWO =
      """
      nic eth0
      nic eth1
      ip addr add 10.9.9.2/24 dev eth0
      ip addr add 10.8.8.2/24 dev eth1
      """;

  @Test
  void isTheOneThatHasTheAddress() throws Exception {
    assertThat(name(TWO + "ip addr add 10.1.1.5/24 dev eth1\n" + cameTo("10.9.9.2")))
        .contains("eth1");
  }

  @Test
  void isTheOneThatCarriesTheConnection() throws Exception {
    assertThat(name(TWO + cameTo("10.8.8.2"))).contains("eth1");
    assertThat(name(TWO + cameTo("::ffff:10.8.8.2"))).contains("eth1");
  }

  @Test
  void isTheOneThatCarriesTheConnectionByAnAddressBesidesOthers() throws Exception {
    assertThat(
            name(
                TWO
                    + "ip addr add 10.8.8.3/24 dev eth1; ip addr add 10.7.7.7/32 dev eth1\n"
                    + cameTo("10.7.7.7")))
        .contains("eth1");
  }

  @Test
  void isTheOneThatCarriesAConnectionByIpv6() throws Exception {
    assertThat(name(TWO + "ip addr add 2001:db8::2/64 dev eth1\n" + cameTo("2001:db8::2")))
        .contains("eth1");
  }

  @Test
  void isTheOneOfALinkLocalAddressThatSeveralMayHave() throws Exception {
    String both = "for e in eth0 eth1; do ip addr add fe80::1/64 dev $e nodad; done\n";

    assertThat(name(TWO + both + cameTo("fe80::1%eth1"))).contains("eth1");
  }

  @Test
  void isNoTunnelThatCarriesTheConnection() throws Exception {
    String tunnel =
        """
        ip tuntap add tun0 mode tun
        ip link set tun0 up
        ip addr add 100.64.0.7/32 dev tun0
        ip route add default via 10.9.9.1 dev eth0
        """;

    assertThat(name(TWO + tunnel + cameTo("100.64.0.7"))).contains("eth0");
  }

  @Test
  void isTheOneOfTheOnlyDefaultRoute() throws Exception {
    String route = "ip route add default via 10.8.8.1 dev eth1\n";

    assertThat(name(TWO + route)).contains("eth1");
    assertThat(name(TWO + route + "ip route add default via 10.8.8.9 dev eth1 metric 9\n"))
        .contains("eth1");
    assertThat(name(TWO + route + "ip route add default via 10.9.9.1 dev eth0 metric 9\n"))
        .isEmpty();
  }

  @Test
  void isNotTheLoopbackThatHoldsAServiceAddress() throws Exception {
    assertThat(name(TWO + "ip addr add 10.1.1.5/32 dev lo\n" + cameTo("10.9.9.2")))
        .contains("eth0");
  }

  @Test
  void cannotBeToldWithoutIp() throws Exception {
    assertThat(
            link(
                "nic eth0\nmkdir /run/few; for p in cat sed sort head; do ln -s \"$(command -v $p)\" /run/few/; done\nPATH=/run/few\n"))
        .isInstanceOf(Reading.Unknown.class);
  }

  @Test
  void saysWhatStandsOnTop() throws Exception {
    Link link =
        known(link(TWO + "ip link add link eth1 name lan7 type macvlan\n" + cameTo("10.8.8.2")));

    assertThat(link.uppers()).containsExactly("lan7");
    assertThat(link.refusal()).isEmpty();
    assertThat(link.mac()).matches("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
  }

  @Test
  void saysWhatItIsAPartOf() throws Exception {
    Link link =
        known(
            link(
                TWO
                    + "ip link add br0 type bridge; ip link set eth1 master br0\n"
                    + cameTo("10.8.8.2")));

    assertThat(link.refusal()).contains("is a part of br0");
  }

  @Test
  void saysWhatKindItIs() throws Exception {
    String bridge = "ip link add br0 type bridge; ip addr add 10.1.1.5/24 dev br0\n";
    assertThat(known(link(bridge)).refusal()).contains("is of the kind 'bridge'");

    Fact<?> tun0 = NetworkTexts.probe("network.interface", "tun0");
    assertThat(OwnMachine.run("ip tuntap add tun0 mode tun\n", tun0.probe()).output())
        .contains("type not Ethernet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"we*rd", "a[b]", "x'y", "q\"q", "$HOME", "-n"})
  void isRefusedWithANameThatMeansSomethingElse(String name) throws Exception {
    String quoted = "'" + name.replace("'", "'\\''") + "'";
    Link link =
        known(
            link(
                "ip link add name "
                    + quoted
                    + " type veth peer name peer\nip addr add 10.1.1.5/24 dev "
                    + quoted
                    + "\n"));

    assertThat(link.name()).contains(name);
    assertThat(link.refusal())
        .contains("has a name that means something else in configuration files");
  }

  @Test
  void isTheDeclaredOneWhenItIsThere() throws Exception {
    Fact<?> eth0 = NetworkTexts.probe("network.interface", "eth0");

    assertThat(OwnMachine.run(TWO, eth0.probe()).output()).contains("interface eth0");
    assertThat(OwnMachine.run("", eth0.probe()).output()).isEqualTo("interface -");
  }

  @Test
  void hasAddressesAsIpPrintsThem() throws Exception {
    // The other end of the cable is in another namespace, so ip link calls it eth0@if3.
    String many =
        """
        nic eth0
        unshare --net sleep 30 & sleep 0.3
        ip link set eth0-peer netns $!
        ip addr add 10.1.1.5/24 dev eth0
        ip addr add 10.1.1.6/24 dev eth0 valid_lft 900 preferred_lft 900
        ip addr add 10.1.1.7/32 dev eth0
        ip addr add 10.2.2.1 peer 10.2.2.2/32 dev eth0
        trap "kill $!" EXIT
        """;
    String text =
        OwnMachine.run(many, NetworkTexts.probe("network.addresses", "").probe()).output();

    List<LocalAddress> addresses = LocalAddress.parse(text);
    assertThat(addresses).allMatch(a -> a.networkInterface().equals("eth0"));
    assertThat(addresses.stream().map(LocalAddress::toString))
        .contains("10.1.1.5/24", "10.1.1.6/24 by DHCP", "10.1.1.7/32", "10.2.2.1/32");
    assertThat(text).doesNotContain("valid_lft");
  }

  @Test
  void hasNoAddressesThatCouldNotBeRead() throws Exception {
    assertThat(
            OwnMachine.run(
                    "echo 'exit 1' | stand_in ip\n",
                    NetworkTexts.probe("network.addresses", "").probe())
                .status())
        .isNotZero();
  }

  private static String cameTo(String server) {
    return "export WORKR_SSH_CONNECTION='192.0.2.1 50000 " + server + " 22'\n";
  }

  private static Optional<String> name(String machine) throws Exception {
    return known(link(machine)).name();
  }

  private static Reading<Link> link(String machine) throws Exception {
    return OwnMachine.read(
        machine, InterfaceProbe.of(NetworkTexts.spec(""), NetworkTexts.HOST).link());
  }

  private static Link known(Reading<Link> reading) {
    assertThat(reading).isInstanceOf(Reading.Known.class);
    return ((Reading.Known<Link>) reading).value();
  }
}
