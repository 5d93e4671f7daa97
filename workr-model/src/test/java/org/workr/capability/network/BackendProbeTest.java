package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.workr.plan.Step;
import org.workr.render.Shell;

/** What the back ends' probes find in files, and what their steps make of those files. */
class BackendProbeTest {
  private static final String MACHINE =
      """
      nic eth0
      nic eth1
      ip link set eth0 address 52:54:00:12:34:56
      mkdir -p /etc/netplan /etc/network/interfaces.d /run/netplan
      : | stand_in netplan
      : | stand_in ifup
      """;

  @Test
  void readsHardwareAddressesAsNetplanDoes() throws Exception {
    // PyYAML takes this one for a number to base 60.
    assertThat(
            netplan(
                "/etc/netplan/a.yaml",
                "network: {ethernets: {lan: {match: {macaddress: 52:54:00:12:34:56}, dhcp4: yes}}}"))
        .containsExactly("claim /etc/netplan/a.yaml\tlan\twhole\tdhcp4,match");
  }

  @Test
  void seesWhatMatchesInEveryRespectOnly() throws Exception {
    String other = "{match: {name: 'eth*', macaddress: '52:54:00:ff:ff:ff'}, dhcp4: true}";
    assertThat(netplan("/etc/netplan/a.yaml", "network: {ethernets: {lan: " + other + "}}"))
        .isEmpty();
    // An id is no name where something is matched.
    assertThat(netplan("/etc/netplan/a.yaml", "network: {ethernets: {eth0: " + other + "}}"))
        .isEmpty();
    assertThat(
            netplan(
                "/etc/netplan/a.yaml",
                "network: {ethernets: {x: {match: {name: 'nosuch*'}, set-name: eth0}}}"))
        .containsExactly("claim /etc/netplan/a.yaml\tx\twhole\tmatch,set-name");
  }

  @Test
  void seesWhatStandsOnTopOfItsId() throws Exception {
    assertThat(
            netplan(
                "/etc/netplan/a.yaml",
                """
                network:
                  ethernets:
                    lan: {match: {macaddress: '52:54:00:12:34:56'}}
                  vlans:
                    lan7: {id: 7, link: lan}
                """))
        .contains("obstacle '/etc/netplan/a.yaml' makes 'lan7' on top of eth0");
  }

  @Test
  void livesWithARendererOfASection() throws Exception {
    assertThat(
            netplan(
                "/etc/netplan/a.yaml",
                "network: {ethernets: {renderer: networkd, eth0: {dhcp4: true, mtu: 9000}}}"))
        .containsExactly("claim /etc/netplan/a.yaml\teth0\tpart\tdhcp4,mtu");
    assertThat(
            netplan(
                "/etc/netplan/a.yaml",
                "network: {ethernets: {eth0: {renderer: NetworkManager, dhcp4: true}}}"))
        .contains(
            "obstacle '/etc/netplan/a.yaml' has 'eth0' done by NetworkManager,"
                + " and all else is done by networkd");
  }

  @Test
  void namesWhatIsNotCarriedOver() throws Exception {
    assertThat(
            netplan(
                "/etc/netplan/a.yaml",
                """
                network:
                  ethernets:
                    eth0:
                      addresses: [10.1.1.5/24, '2001:db8::5/64': {lifetime: 0}]
                      routes: [{to: default, via: 10.1.1.1}, {to: 10.7.0.0/16, via: 10.1.1.2}]
                """))
        .containsExactly(
            "claim /etc/netplan/a.yaml\teth0\twhole\tIPv6 addresses,addresses,other routes,routes");
  }

  @Test
  void knowsWhichFilesHideThoseOfPackages() throws Exception {
    needYaml();
    OwnMachine.needOwnLib();
    String machine =
        MACHINE
            + "own_lib\n"
            + write("/usr/lib/netplan/a.yaml", "network: {ethernets: {eth0: {dhcp4: true}}}\n");
    String probe = probe("network.netplan");

    assertThat(OwnMachine.run(machine, probe).output())
        .contains("obstacle '/usr/lib/netplan/a.yaml'", "an empty /etc/netplan/a.yaml would hide");
    assertThat(OwnMachine.run(machine + ": >/etc/netplan/a.yaml\n", probe).output())
        .isEqualTo("files 2");
    // If this one went, the package's would be in force.
    assertThat(
            OwnMachine.run(machine + "cp /usr/lib/netplan/a.yaml /etc/netplan\n", probe).output())
        .isEqualTo("files 2\nclaim /etc/netplan/a.yaml\teth0\tpart\tdhcp4");
  }

  @Test
  void doesNotKnowWhatItCannotParse() throws Exception {
    String file = write("/etc/netplan/a.yaml", "network: [eth0");
    assertThat(OwnMachine.run(MACHINE + file, probe("network.netplan")).status()).isNotZero();
  }

  @Test
  void takesOneDefinitionOutAndLeavesTheOthersAsTheyWere() throws Exception {
    needYaml();
    String file =
        write(
            "/etc/netplan/a.yaml",
            """
            network:
              renderer: networkd
              ethernets:
                renderer: networkd
                eth0: {dhcp4: true}
                eth1: {match: {macaddress: 52:54:00:12:34:57}, dhcp4: yes, mtu: 0x5dc}
                eth2:
            """);
    Claims claims =
        new Claims(
            List.of(new Claims.Claim("/etc/netplan/a.yaml", "eth0", false, List.of())), List.of());

    OwnMachine.Result result =
        OwnMachine.run(
            MACHINE + file,
            steps(new Netplan(), claims) + "cat /etc/netplan/*; ls -A /etc/netplan");

    assertThat(result.output().lines())
        .doesNotContain("    eth0:")
        .contains("        macaddress: '52:54:00:12:34:57'", "      dhcp4: 'yes'", "    eth2:")
        .contains("      mtu: '0x5dc'", "    renderer: networkd")
        .endsWith("a.yaml");
  }

  @Test
  void readsWhatIfupdownReads() throws Exception {
    String files =
        write(
                "/etc/network/interfaces",
                """
                source interfaces.d/*
                auto lo \\
                  eth0
                iface eth0 inet \\
                  dhcp
                  mtu 9000
                iface eth0 inet manual
                """)
            + write("/etc/network/interfaces.d/more", "source sub/x\n")
            + "mkdir /etc/network/interfaces.d/sub\n"
            + write("/etc/network/interfaces.d/sub/x", "allow-hotplug eth0\n");

    assertThat(OwnMachine.run(MACHINE + files, probe("network.ifupdown")).output().lines())
        .containsExactlyInAnyOrder(
            "method dhcp",
            "claim /etc/network/interfaces\teth0\tpart\tdhcp,manual,mtu",
            "claim /etc/network/interfaces.d/sub/x\teth0\tpart\t-");
  }

  @Test
  void commentsOutWholeStanzasAndNamesItsFileOnce() throws Exception {
    String main =
        """
        # source of all: \\
        source interfaces.d/*
        auto lo \\
          eth0
        iface lo inet loopback
        # mine
        iface eth0 inet \\
          dhcp
          mtu 9000
        iface eth0 inet6 auto
        """;
    Claims claims =
        new Claims(
            List.of(new Claims.Claim("/etc/network/interfaces", "eth0", false, List.of())),
            List.of());
    String twice = steps(new Ifupdown(), claims).repeat(2);

    OwnMachine.Result result =
        OwnMachine.run(
            MACHINE
                + write("/etc/network/interfaces", main)
                + "chmod 600 /etc/network/interfaces\n",
            twice + "cat /etc/network/interfaces; stat -c %a /etc/network/interfaces");

    assertThat(result.output() + "\n")
        .isEqualTo(
            """
            # source of all: \\
            source interfaces.d/*
            # auto lo \\
            #   eth0
            auto lo
            iface lo inet loopback
            # mine
            # iface eth0 inet \\
            #   dhcp
            #   mtu 9000
            iface eth0 inet6 auto
            600
            """);
  }

  @Test
  void doesNotKnowWhatItMayNotRead() throws Exception {
    String files = write("/etc/network/interfaces", "source x\n") + "ln -s x /etc/network/x\n";

    assertThat(OwnMachine.run(MACHINE + files, probe("network.ifupdown")).status()).isNotZero();
  }

  @Test
  void leavesAloneWhatNetworkManagerOnlyLooksAt() throws Exception {
    assertThat(networkManager("100 (connected)")).startsWith("managed yes");
    assertThat(networkManager("30 (disconnected)")).startsWith("managed yes");
    assertThat(networkManager("10 (unmanaged)")).startsWith("managed no");
    assertThat(networkManager("100 (connected (externally))")).startsWith("managed no");
  }

  @Test
  void namesSettingsOfProfilesAndNoSecret() throws Exception {
    assertThat(networkManager("100 (connected)"))
        .contains(
            "claim /etc/NetworkManager/system-connections/lan\teth0\twhole\t"
                + "802-1x.password,connection.interface-name,ethernet.mtu,ipv4.method,ipv4.route1")
        .doesNotContain("hush");
  }

  @Test
  void doesNotKnowWhatNetworkdDoesNotTell() throws Exception {
    String active = ": | stand_in systemctl\n";
    assertThat(
            OwnMachine.run(
                    MACHINE + active + "echo 'exit 1' | stand_in networkctl\n",
                    probe("network.networkd"))
                .status())
        .isNotZero();
    String first =
        "echo \"echo '  Network File: /etc/systemd/network/00-lan.network'\" | stand_in networkctl\n"
            + "mkdir -p /etc/systemd/network\n"
            + write("/etc/systemd/network/00-lan.network", "[Network]\nVLAN=lan7\n");
    assertThat(OwnMachine.run(MACHINE + active + first, probe("network.networkd")).output())
        .contains("is read before workr's own file, 00-workr.network, and wins")
        .contains("makes other interfaces on top of this one (VLAN)");
  }

  private static String networkManager(String state) throws Exception {
    String nmcli = "case $2 in GENERAL.STATE) echo '" + state + "' ;; *) echo lan ;; esac\n";
    String profile =
        """
        [connection]
        interface-name=eth0
        [ethernet]
        mtu=9000
        [802-1x]
        password=hush
        [ipv4]
        method=auto
        route1=10.7.0.0/16,10.1.1.2
        [ipv6]
        method=auto
        """;
    return OwnMachine.run(
            MACHINE
                + ": | stand_in systemctl\nstand_in nmcli <<'END'\n"
                + nmcli
                + "END\nmkdir -p /etc/NetworkManager/system-connections\n"
                + write("/etc/NetworkManager/system-connections/lan", profile),
            probe("network.networkmanager"))
        .output();
  }

  private static List<String> netplan(String path, String yaml) throws Exception {
    needYaml();
    OwnMachine.Result result =
        OwnMachine.run(MACHINE + write(path, yaml), probe("network.netplan"));
    assertThat(result.status()).isZero();
    return result.output().lines().filter(line -> !line.startsWith("files ")).toList();
  }

  private static void needYaml() throws Exception {
    Process python = new ProcessBuilder("python3", "-c", "import yaml").start();
    Assumptions.assumeTrue(python.waitFor() == 0, "python3 has no yaml");
  }

  private static String probe(String id) {
    return NetworkTexts.probe(id, "eth0").probe();
  }

  private static String write(String path, String content) {
    return "printf %s " + Shell.quote(content) + " >" + path + "\n";
  }

  private static String steps(Backend backend, Claims claims) {
    return backend.makeWay(claims, "eth0").stream()
        .map(step -> Shell.command(((Step.Run) step).argv()) + " || exit 9\n")
        .collect(Collectors.joining());
  }
}
