package org.workr.capability.network;

/** The part of {@link DeadmanScript} that tells each back end to look at its files again. */
final class BackendScript {
  static final String TEXT =
      """
      # --- back ends -----------------------------------------------------------------------------------

      """
          + DhcpClients.FUNCTION
          + """

      end_dhcp_clients() {
        dhcp_clients | while read -r pid _; do
          quiet kill -KILL "$pid"
        done
      }

      # Takes the interface down by the configuration that is in force, whatever state it is in.
      ifupdown_down() {
        end_dhcp_clients
        quiet timeout -k 5 20 ifdown --force "$interface"
        quiet ip -4 addr flush dev "$interface" scope global
      }

      check() {
        case $backend in
          netplan) netplan generate ;;
          ifupdown) ifquery "$interface" >/dev/null ;;
        esac
      }

      renew_resolver() {
        [ "$resolver" != resolved ] || quiet systemctl try-restart systemd-resolved.service
      }

      # NetworkManager ends its own clients; whatever else asks for an address would get one again.
      put_in_force() {
        [ "$backend" = networkmanager ] || end_dhcp_clients
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
        end_dhcp_clients
        renew_resolver
        return "$status"
      }

      # The connection that was in force at first, or else the one by which workr's file is there again.
      bring_up_old_connection() {
        for uuid in $(cat "$home/old-connection" 2>/dev/null) $connection; do
          ! quiet nmcli --wait 30 connection up uuid "$uuid" ifname "$interface" || return 0
        done
        return 1
      }

      put_back_in_force() {
        case $backend in
          networkmanager)
            quiet nmcli connection reload
            bring_up_old_connection || quiet systemctl restart NetworkManager.service
            ;;
          ifupdown) ifup --force "$interface" ;;
          netplan) netplan apply ;;
          networkd) networkctl reload && networkctl reconfigure "$interface" ;;
        esac 8>&-
        renew_resolver
      }

      """;

  private BackendScript() {}
}
