package org.workr.capability.identity;

import java.util.List;
import org.workr.facts.Fact;
import org.workr.value.Host;

/**
 * What else a clone carries of its template. Each line that the probe prints is a word for the kind
 * and a value.
 *
 * @param lines in the probe's order
 */
record CloneState(List<String> lines) {
  // A file that is only removed. DHCP leases: another machine's address. Docker's key and engine
  // id:
  // made anew when it starts. Random seeds: systemd writes new ones at shutdown.
  private static final String PROBE =
      """
      my $home = (getpwnam "USER")[7] // "";
      -f $_ and print "file $_\\n" for
        "/var/lib/systemd/random-seed", "/boot/efi/loader/random-seed", "/boot/loader/random-seed", "/efi/loader/random-seed",
        glob("/var/lib/dhcp/*.leases"), glob("/var/lib/dhcpcd/*.lease"), glob("/var/lib/NetworkManager/*.lease"),
        "/etc/docker/key.json", "/var/lib/docker/engine-id";
      -f $_ and print "history $_\\n" for map { ("$_/.bash_history", "$_/.zsh_history") } "/root", $home;
      # A rule for a present address names the interface that carries the connection.
      my $rules = "/etc/udev/rules.d/70-persistent-net.rules";
      if (-f $rules) {
        my $text = lc content($rules);
        my $used = grep {
          my $mac = lc(eval { content($_) } // "");
          chomp $mac;
          $mac !~ /^(00:00:00:00:00:00)?\\z/ && index($text, $mac) >= 0;
        } glob "/sys/class/net/*/address";
        print "file $rules\\n" unless $used;
      }
      print "tailscale ", system("systemctl is-active --quiet tailscaled.service 2>/dev/null") ? "inactive\\n" : "active\\n"
        if -s "/var/lib/tailscale/tailscaled.state";
      print "iscsi ", glob("/sys/class/iscsi_session/*") ? "busy\\n" : "idle\\n" if -s "/etc/iscsi/initiatorname.iscsi";
      print "nvme ", (grep { (eval { content($_) } // "pcie") !~ /^pcie$/ } glob "/sys/class/nvme/*/transport") ? "busy\\n" : "idle\\n"
        if -s "/etc/nvme/hostid" || -s "/etc/nvme/hostnqn";
      print "popcon /etc/popularity-contest.conf\\n" if (content("/etc/popularity-contest.conf") // "") =~ /^MY_HOSTID="..*"/m;
      print "container /etc/workr/container\\n" if -d "/etc/workr/container";
      print "swarm /var/lib/docker/swarm\\n" if -s "/var/lib/docker/swarm/docker-state.json";
      # Keys that open the account of root, but for those of cloud-init, which only print a message.
      print "root-keys /root/.ssh/authorized_keys\\n"
        if grep { /^[^#]*(ssh|ecdsa|sk)-[^ ]+ +AAAA/ && !/command=/ } split /^/, content("/root/.ssh/authorized_keys") // "";
      for my $folder ("/root", $home) {
        opendir my $keys, "$folder/.ssh" or next;
        -f $_ and print "private-key $_\\n" for map { "$folder/.ssh/$_" } grep { /^id_/ && !/\\.pub\\z/ } sort readdir $keys;
      }""";

  /** Copies the list. */
  CloneState {
    lines = List.copyOf(lines);
  }

  static Fact<CloneState> fact(Host host) {
    return Fact.perl(
        "identity.clone-state",
        PROBE.replace("USER", host.user()),
        text -> {
          List<String> lines = text.lines().distinct().toList();
          if (lines.stream().anyMatch(line -> !line.matches("[a-z-]+ .+"))) {
            throw new IllegalArgumentException("'" + text + "'");
          }
          return new CloneState(lines);
        });
  }

  /** The values of one kind. */
  List<String> of(String kind) {
    return lines.stream()
        .filter(line -> line.startsWith(kind + " "))
        .map(line -> line.substring(kind.length() + 1))
        .toList();
  }
}
