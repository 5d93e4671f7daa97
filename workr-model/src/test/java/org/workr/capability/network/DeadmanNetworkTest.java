package org.workr.capability.network;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.workr.render.Shell;

/**
 * The dead-man script on a machine of its own, with a real interface, real addresses and another
 * machine that is the gateway. Only systemd and ifupdown are stand-ins: the unit that applies runs
 * when it is asked for, and ifup gives the interface the first address of its files.
 */
class DeadmanNetworkTest {
  private static final String MACHINE =
      """
      nic eth0
      mkfifo /run/ready
      unshare --net sh -c 'echo >/run/ready; read -r _ </run/ready; ip link set eth0-peer up
        ip addr add 10.1.1.1/24 dev eth0-peer; echo >/run/ready; exec sleep 600' &
      gateway=$!
      read -r _ </run/ready
      ip link set eth0-peer netns "$gateway"
      echo >/run/ready
      read -r _ </run/ready
      trap 'kill "$gateway"' EXIT
      stand_in systemd-run <<'END'
      case $* in *'deadman apply') exec sh /var/lib/workr/network/deadman apply ;; esac
      END
      stand_in systemctl <<'END'
      case $* in 'start --no-block '*) exec sh /var/lib/workr/network/deadman rollback timer ;; esac
      END
      stand_in ifquery <<'END'
      grep -q address /etc/network/interfaces.d/*
      END
      stand_in ifdown <<'END'
      ip link set eth0 down
      END
      stand_in ifup <<'END'
      ip link set eth0 up
      address=$(sed -n 's/^ *address //p' /etc/network/interfaces.d/workr /etc/network/interfaces 2>/dev/null | head -n 1)
      ip addr add "$address" dev eth0
      gateway=$(sed -n 's/^ *gateway //p' /etc/network/interfaces.d/workr /etc/network/interfaces 2>/dev/null | head -n 1)
      ip route add default via "$gateway" dev eth0
      END
      mkdir -p /etc/network/interfaces.d /var/lib/workr/network
      home=/var/lib/workr/network
      printf 'address 10.1.1.9/24\\ngateway 10.1.1.1\\n' >/etc/network/interfaces
      ifup
      cat >$home/settings <<'END'
      backend=ifupdown
      interface=eth0
      address=10.1.1.5/24
      gateway=10.1.1.1
      resolver=plain
      connection=''
      old_connection=''
      rollback_after=150
      saved='/etc/network/interfaces.d/workr
      /etc/network/interfaces'
      id=one
      END
      change() {
        sh $home/deadman begin || exit 9
        printf 'address 10.1.1.5/24\\ngateway 10.1.1.1\\n' >/etc/network/interfaces.d/workr
        : >/etc/network/interfaces
      }
      state() {
        ip -o -4 addr show dev eth0 | sed 's/^.* inet \\([^ ]*\\) .*$/\\1/'
        ip -4 route show default | sed 's/ *$//'
        ls /etc/network/interfaces.d
        cat $home/rolled-back 2>/dev/null
        ls $home | grep -xE 'pending|confirmed'
      }
      """;

  @Test
  void isInForceAndConfirmed() throws Exception {
    assertThat(run("change; sh $home/deadman start && sh $home/deadman confirm; state"))
        .isEqualTo("10.1.1.5/24\ndefault via 10.1.1.1 dev eth0\nworkr\nconfirmed");
  }

  @Test
  void comesBackByItselfWhenTheGatewayIsSilent() throws Exception {
    assertThat(
            run(
                """
                sed -i s/10.1.1.1$/10.1.1.2/ $home/settings
                echo 'echo "10.1.1.2 -"' | stand_in perl
                : | stand_in sleep
                hash -r
                change; sed -i s/10.1.1.1$/10.1.1.2/ /etc/network/interfaces.d/workr
                sh $home/deadman start; state"""))
        .isEqualTo(
            "10.1.1.9/24\ndefault via 10.1.1.1 dev eth0\n"
                + "the gateway 10.1.1.2 does not answer on eth0");
  }

  @Test
  void comesBackOnAFullDisk() throws Exception {
    // Backup and configuration are on one disk, and nothing is left on it.
    assertThat(
            run(
                """
                mkdir /run/small
                mount -t tmpfs -o size=200k none /run/small
                cp -a $home /run/small/home; mkdir -p /run/small/root/etc
                cp -a /etc/network /run/small/root/etc/network
                rm -rf /etc/network $home
                ln -s /run/small/root/etc/network /etc/network; ln -s /run/small/home $home
                change
                dd if=/dev/zero of=/run/small/root/full bs=1k 2>/dev/null
                sh $home/deadman rollback timer; state; wc -c </etc/network/interfaces"""))
        .startsWith("10.1.1.9/24\ndefault via 10.1.1.1 dev eth0")
        .doesNotContain("workr\n", "pending")
        .endsWith("37");
  }

  @Test
  void isAsItWasAfterAPowerCut() throws Exception {
    assertThat(
            run(
                """
                change; sh $home/deadman start
                sh $home/deadman rollback boot; ifdown; ip addr flush dev eth0; ifup; state"""))
        .isEqualTo(
            "10.1.1.9/24\ndefault via 10.1.1.1 dev eth0\n"
                + "the machine restarted before the change was confirmed");
  }

  private static String run(String text) throws Exception {
    OwnMachine.Result result =
        OwnMachine.run(
            MACHINE + "printf %s " + Shell.quote(DeadmanScript.TEXT) + " >$home/deadman\n", text);
    return result.output();
  }
}
