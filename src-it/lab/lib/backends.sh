# shellcheck shell=bash
# The network backends that a template can have, each asking DHCP for its bootstrap address.

readonly BACKENDS="netplan ifupdown networkd networkmanager"
readonly NIC=ens3 # where lib/machines.sh plugs the network card in

backend_packages() { # SUITE BACKEND
  case $2 in
    netplan) echo netplan.io systemd-resolved ;;
    networkd) echo systemd-resolved ;;
    ifupdown) [[ $1 == bookworm ]] && echo ifupdown isc-dhcp-client || echo ifupdown dhcpcd-base ;;
    networkmanager) echo network-manager ;;
  esac
}

backend_netplan() { # ROOT: as Ubuntu's installer leaves it
  install -m 600 /dev/stdin "$1/etc/netplan/00-installer-config.yaml" <<YAML
# This is the network config written by 'subiquity'
network:
  ethernets:
    $NIC:
      dhcp4: true
  version: 2
YAML
  use_resolved "$1"
}

backend_networkd() {
  printf '[Match]\nName=%s\n\n[Network]\nDHCP=ipv4\n' "$NIC" >"$1/etc/systemd/network/$NIC.network"
  chroot "$1" systemctl enable systemd-networkd
  use_resolved "$1"
}

backend_ifupdown() { # as Debian's installer leaves it
  cat >"$1/etc/network/interfaces" <<INTERFACES
source /etc/network/interfaces.d/*

# The loopback network interface
auto lo
iface lo inet loopback

# The primary network interface
allow-hotplug $NIC
iface $NIC inet dhcp
INTERFACES
}

backend_networkmanager() {
  install -m 600 /dev/stdin "$1/etc/NetworkManager/system-connections/$NIC.nmconnection" <<CONNECTION
[connection]
id=$NIC
uuid=$(cat /proc/sys/kernel/random/uuid)
type=ethernet
interface-name=$NIC

[ipv4]
method=auto

[ipv6]
method=link-local
CONNECTION
}

use_resolved() {
  ln -sf ../run/systemd/resolve/stub-resolv.conf "$1/etc/resolv.conf"
}
