package org.workr.capability.network;

/**
 * The shell script that runs a change of the network on the host, and takes it back. It is the same
 * on every host; what differs is in the settings beside it.
 *
 * @see Deadman
 */
final class DeadmanScript {
  static final String TEXT =
      """
      #!/bin/sh
      # Dead-man switch for one change of this machine's network, written by workr. It saves the old
      # configuration, puts it back unless the controller confirms the new one in time, and needs no
      # network for that. How and why: docs/adr/0010-network-deadman.md of workr.
      set -u
      umask 077
      export LC_ALL=C
      home=${WORKR_NETWORK_HOME:-/var/lib/workr/network}
      root=${WORKR_NETWORK_ROOT:-}
      guard=$root/etc/systemd/system/workr-network-guard.service
      # shellcheck source=/dev/null
      . "$home/settings"
      : "${id:?}" "${backend:?}" "${interface:?}" "${address:?}" "${gateway?}" "${resolver:?}"
      : "${saved:?}" "${rollback_after:?}" "${connection?}" "${old_connection?}"

      # arp INTERFACE SECONDS ADDRESS SENDER: prints the address and who answers, or "-".
      arp() {
        perl -e "$arp_program" -- "$@"
      }
      arp_program='
      """
          + Arp.PERL
          + """
      '

      fail() {
        printf 'workr: %s\\n' "$*" >&2
        exit 1
      }

      # The lock serialises the controller's commands, the timer and the apply unit. Descriptor 8 is
      # closed for every command that could leave a daemon behind, which would hold the lock for ever.
      lock() {
        exec 8>"$home/lock"
        flock -w 30 8
      }

      quiet() {
        "$@" >/dev/null 2>&1 8>&-
      }

      pending() {
        [ -e "$home/pending" ]
      }

      # --- saving and putting back ---------------------------------------------------------------------

      # Saves one path as it is, or that it is not there. A path that is in the list already was saved
      # before anything was changed and is not saved again.
      save() {
        if [ -e "$home/paths" ] && grep -qxF -e "$1" "$home/paths"; then
          return 0
        fi
        rm -rf -- "$home/backup$1" && mkdir -p "$home/backup${1%/*}" || return 1
        if [ -e "$root$1" ] || [ -L "$root$1" ]; then
          cp -a -- "$root$1" "$home/backup$1" || return 1
        fi
        printf '%s\\n' "$1" >>"$home/paths"
      }

      # Puts back every saved path, each by one rename, so that it may be cut off and run again.
      restore() {
        while IFS= read -r path; do
          case $1$path in
            boot/run/*) continue ;;
          esac
          new=$root${path%/*}/.workr-old
          if [ -e "$home/backup$path" ] || [ -L "$home/backup$path" ]; then
            rm -f -- "$new"
            mkdir -p "$root${path%/*}"
            cp -a -- "$home/backup$path" "$new" && mv -fT -- "$new" "$root$path"
          else
            rm -f -- "$root$path"
          fi
        done <"$home/paths"
        sync
      }

      """
          + BackendScript.TEXT
          + """
      # --- looking -------------------------------------------------------------------------------------

      # Prints what is wrong with the network as it is; says nothing when it is as wanted.
      flaws() {
        present=no
        for held in $(ip -o -4 addr show dev "$interface" scope global |
          sed -n 's/^.* inet \\([0-9./]*\\) .*$/\\1/p'); do
          case $held in
            "$address") present=yes ;;
            */32) ;;
            *) echo "$interface still has the address $held" ;;
          esac
        done
        [ "$present" = yes ] || echo "$interface does not have the address $address"
        [ -n "$gateway" ] || return 0
        [ -n "$(ip -4 route show default via "$gateway" dev "$interface")" ] ||
          echo "there is no default route through $gateway on $interface"
        arp "$interface" 1 "$gateway" "${address%/*}" 2>&1 | grep -q "^$gateway ..:" ||
          echo "the gateway $gateway does not answer on $interface"
      }

      # Waits up to $1 seconds until nothing is wrong; prints what still is.
      wait_until_good() {
        left=$1
        while wrong=$(flaws) && [ -n "$wrong" ] && [ "$left" -gt 0 ]; do
          sleep 1
          left=$((left - 1))
        done
        printf '%s' "$wrong" | sed '2,$s/^/; /' | tr -d '\\n'
      }

      # --- commands ------------------------------------------------------------------------------------

      # Units have a new name each time: systemd may still have the old ones loaded.
      stop_units() {
        quiet systemctl stop 'workr-network-apply-*.timer' 'workr-network-apply-*.service'
      }

      disarm() {
        quiet systemctl stop 'workr-network-rollback-*.timer'
        rm -f -- "$guard" "$root/etc/systemd/system/sysinit.target.wants/workr-network-guard.service"
        sync
      }

      # begin: saves, and arms both the timer and the guard. Nothing has been changed before it is done.
      begin() {
        lock || fail "another workr command has been working on the network for 30 seconds"
        stop_units
        quiet systemctl stop 'workr-network-rollback-*.timer'
        pending || rm -rf -- "$home/backup" "$home/paths"
        printf '%s\\n' "$saved" >"$home/wanted"
        while IFS= read -r path; do
          save "$path" || fail "cannot save $path below $home"
        done <"$home/wanted"
        mkdir -p "${guard%/*}/sysinit.target.wants"
        (
          umask 022
          cat >"$guard" <<GUARD
      [Unit]
      Description=Put back the network configuration that nobody confirmed before this boot
      Documentation=file:$home/deadman
      DefaultDependencies=no
      ConditionPathExists=$home/pending
      RequiresMountsFor=$home /etc /usr
      After=systemd-remount-fs.service
      Before=network-pre.target systemd-networkd.service NetworkManager.service networking.service
      Before=cloud-init-local.service shutdown.target
      Wants=network-pre.target
      Conflicts=shutdown.target

      [Service]
      Type=oneshot
      ExecStart=/bin/sh $home/deadman rollback boot
      GUARD
        ) || fail "cannot write $guard"
        ln -sfn ../workr-network-guard.service "${guard%/*}/sysinit.target.wants/workr-network-guard.service"
        sync
        printf '%s\\n' "$id $backend $interface" >"$home/pending.new" || fail "cannot write below $home"
        sync
        mv -f "$home/pending.new" "$home/pending" || fail "cannot write below $home"
        sync
        rm -f "$home/confirmed" "$home/rolled-back"
        unit=workr-network-rollback-$(date +%s)-$$
        printf '%s\\n' "$unit" >"$home/unit"
        systemd-run --quiet --collect --unit="$unit" \\
          --description="Put back the old network configuration" --on-active="$rollback_after" \\
          --timer-property=AccuracySec=1s --property=Type=oneshot --property=KillMode=process \\
          /bin/sh "$home/deadman" rollback timer 8>&- || fail "cannot arm the timer"
        quiet systemctl is-active "$unit.timer" || fail "the timer is not armed"
      }

      # start: checks the new configuration as far as that is possible, and puts it in force some seconds
      # later, when the caller is gone.
      start() {
        pending || fail "the old network configuration has been put back already"
        if ! wrong=$(check 2>&1); then
          roll_back refused "$backend refused the new configuration: $wrong"
          fail "$backend refused the new configuration, and the old one is in force: $wrong"
        fi
        systemd-run --quiet --collect --unit="workr-network-apply-$(date +%s)-$$" \\
          --description="Put the new network configuration in force" --on-active=1 \\
          --timer-property=AccuracySec=100ms --property=Type=oneshot --property=TimeoutStopSec=5 \\
          /bin/sh "$home/deadman" apply || fail "cannot start the unit that applies it"
      }

      # apply: what the unit does. When the network is not good soon, it does not wait for the timer.
      apply() {
        said=$(put_in_force 2>&1) || said="$backend failed: $(printf '%s' "$said" | tail -n 3 | tr '\\n' ' ')"
        wrong=$(wait_until_good 40)
        [ -n "$wrong" ] || return 0
        printf '%s\\n' "$wrong${said:+ ($said)}" >"$home/reason"
        quiet systemctl start --no-block "$(cat "$home/unit").service"
      }

      # rollback WHEN [WHY]: idempotent, and does nothing once the change is confirmed. At boot, and when
      # the new configuration was refused, the old one is or will be in force by itself.
      roll_back() {
        why=${2-somebody asked for it}
        if [ "$1" != boot ]; then
          lock || : # whoever holds it is stuck, and the machine matters more
        fi
        pending || return 0
        case $1 in
          boot)
            why="the machine restarted before the change was confirmed"
            restore boot
            [ "$backend" != netplan ] || quiet netplan generate
            ;;
          refused)
            restore refused
            [ "$backend" != netplan ] || quiet netplan generate
            ;;
          *)
            [ "$1" != timer ] || why="nobody confirmed the change within $rollback_after seconds"
            [ ! -s "$home/reason" ] || why=$(cat "$home/reason")
            stop_units
            [ "$backend" != ifupdown ] || ifupdown_down
            restore "$1"
            put_back_in_force
            ;;
        esac
        printf '%s\\n' "$why" >"$home/rolled-back"
        sync
        rm -f "$home/pending" "$home/reason"
        disarm
      }

      # confirm: the controller has come in by the new address. Succeeds again when repeated.
      confirm() {
        lock || fail "the dead-man switch is busy"
        if ! pending; then
          was=
          [ ! -e "$home/confirmed" ] || read -r was _ <"$home/confirmed"
          [ "$was" = "$id" ] ||
            fail "the old network configuration has been put back: $(cat "$home/rolled-back" 2>/dev/null)"
          disarm
          return 0
        fi
        read -r was _ <"$home/pending"
        [ "$was" = "$id" ] || fail "another change of the network is under way"
        wrong=$(wait_until_good 5)
        [ -z "$wrong" ] || fail "$wrong; the old configuration comes back by itself"
        mv -f "$home/pending" "$home/confirmed"
        sync
        disarm
      }

      case ${1-} in
        begin) begin ;;
        start) start ;;
        apply) apply ;;
        rollback) roll_back "${2-now}" ;;
        confirm) confirm ;;
        *) fail "usage: deadman begin|start|apply|rollback [WHEN]|confirm" ;;
      esac
      """;

  private DeadmanScript() {}
}
