package org.workr.capability.network;

/** The part of {@link DeadmanScript} that tells each back end to look at its files again. */
final class BackendScript {
  static final String TEXT =
      """
      # --- back ends -----------------------------------------------------------------------------------

      end_dhcp_clients() {
        for comm in /proc/[0-9]*/comm; do
          case $(cat "$comm" 2>/dev/null) in
            dhclient | udhcpc | dhcpcd)
              tr '\\0' ' ' <"${comm%comm}cmdline" | tr ' ' '\\n' |
                grep -qxF -e "$interface" || continue
              pid=${comm%/comm}
              kill -KILL "${pid#/proc/}"
              ;;
          esac
        done
      }

      # Takes the interface down by the configuration that is in force, whatever state it is in.
      ifupdown_down() {
        end_dhcp_clients
        quiet ifdown --force "$interface"
        quiet ip -4 addr flush dev "$interface" scope global
      }

      check() {
        case $backend in
          netplan) netplan generate ;;
          ifupdown) ifquery "$interface" >/dev/null ;;
        esac
      }

      put_in_force() {
        case $backend in
          netplan) netplan apply ;;
          networkd) networkctl reload && networkctl reconfigure "$interface" ;;
          networkmanager)
            nmcli connection reload && nmcli --wait 30 connection up uuid "$connection" ifname "$interface"
            ;;
          ifupdown)
            ifupdown_down
            ifup --force "$interface"
            ;;
        esac 8>&-
        status=$?
        [ "$resolver" != resolved ] || quiet systemctl try-restart systemd-resolved.service
        return "$status"
      }

      put_back_in_force() {
        case $backend in
          networkmanager)
            quiet nmcli connection reload
            quiet nmcli --wait 30 connection up uuid "$old_connection" ifname "$interface" ||
              quiet systemctl restart NetworkManager.service
            ;;
          ifupdown)
            ifup --force "$interface"
            ;;
          *) put_in_force ;;
        esac 8>&-
      }

      """;

  private BackendScript() {}
}
