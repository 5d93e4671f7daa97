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

      # The lock keeps the controller's commands and the rollback apart. Descriptor 8 is closed for every
      # command that could leave a daemon behind, which would hold the lock for ever. A plain exec would
      # end the shell when the file cannot be written, and with it the rollback.
      lock() {
        command exec 8>"$home/lock" || return 1
        flock -w "${WORKR_NETWORK_LOCK:-30}" 8
      }

      quiet() {
        "$@" >/dev/null 2>&1 8>&-
      }

      pending() {
        [ -e "$home/pending" ]
      }

      # A rollback is at work, or was cut off.
      going_back() {
        [ -e "$home/going-back" ]
      }

      # Takes the change away from confirm, for good. Both rename the same file and only one of them
      # finds it, whoever has the lock. Where it cannot be renamed, confirm cannot do it either.
      claim() {
        mv -f "$home/pending" "$home/going-back" 2>/dev/null || pending || going_back
      }

      fail_taken_back() {
        ! going_back || fail "the old network configuration is being put back"
        fail "the old network configuration has been put back: $(cat "$home/rolled-back" 2>/dev/null)"
      }

      """
          + BackupScript.TEXT
          + BackendScript.TEXT
          + FlawsScript.TEXT
          + """
      # --- commands ------------------------------------------------------------------------------------

      # Units have a new name each time: systemd may still have the old ones loaded. What the unit that
      # applies has started is left alone when it ends by itself, and must go when it is stopped.
      stop_units() {
        quiet systemctl stop 'workr-network-apply-*.timer'
        quiet systemctl kill --signal=KILL 'workr-network-apply-*.service'
        quiet systemctl stop 'workr-network-apply-*.service'
      }

      # Stops the timers of earlier runs, once the one of this run ticks.
      stop_other_timers() {
        systemctl list-units --all --full --plain --no-legend 'workr-network-rollback-*.timer' 2>/dev/null |
          while read -r timer _; do
            [ "$timer" = "$unit.timer" ] || quiet systemctl stop "$timer"
          done
      }

      disarm() {
        quiet systemctl stop 'workr-network-rollback-*.timer'
        rm -f -- "$guard" "$root/etc/systemd/system/sysinit.target.wants/workr-network-guard.service"
        sync
      }

      write_guard() {
        umask 022
        mkdir -p "${guard%/*}/sysinit.target.wants"
        cat >"$guard.new" <<GUARD || return 1
      [Unit]
      Description=Put back the network configuration that nobody confirmed before this boot
      Documentation=file:$home/deadman
      DefaultDependencies=no
      ConditionPathExists=|$home/pending
      ConditionPathExists=|$home/going-back
      RequiresMountsFor=$home /etc /usr
      After=systemd-remount-fs.service
      Before=network-pre.target systemd-networkd.service NetworkManager.service networking.service
      Before=cloud-init-local.service shutdown.target
      Wants=network-pre.target
      Conflicts=shutdown.target

      [Service]
      Type=oneshot
      TimeoutStartSec=90s
      ExecStart=/bin/sh $home/deadman rollback boot
      GUARD
        sync "$guard.new" && mv -f "$guard.new" "$guard" || return 1
        wants=${guard%/*}/sysinit.target.wants/${guard##*/}
        [ -L "$wants" ] || ln -s "../${guard##*/}" "$wants"
      }

      # begin: saves, and arms both the timer and the guard. Nothing has been changed before it is done.
      # A timer of an earlier run ticks on until the new one does.
      begin() {
        sync # what takes long comes before the lock, for which a rollback does not wait for ever
        lock || fail "another workr command has been working on the network for 30 seconds"
        stop_units
        if ! pending && ! going_back; then
          rm -rf -- "$home/backup" "$home/paths" "$home/touched"
          printf '%s\\n' "$old_connection" >"$home/old-connection" || fail "cannot write below $home"
        fi
        rm -f -- "$home/good" "$home/reason"
        save || fail "cannot save the old configuration below $home"
        (write_guard) || fail "cannot write $guard"
        sync
        printf '%s\\n' "$id $backend $interface" >"$home/pending.new" || fail "cannot write below $home"
        sync
        mv -f "$home/pending.new" "$home/pending" || fail "cannot write below $home"
        sync
        rm -f "$home/confirmed" "$home/rolled-back" "$home/going-back"
        unit=workr-network-rollback-$(date +%s)-$$
        printf '%s\\n' "$unit" >"$home/unit" || fail "cannot write below $home"
        systemd-run --quiet --collect --unit="$unit" \\
          --description="Put back the old network configuration" --on-active="$rollback_after" \\
          --timer-property=AccuracySec=1s --property=Type=oneshot --property=KillMode=process \\
          --property=TimeoutStartSec=5min \\
          /bin/sh "$home/deadman" rollback timer 8>&- || fail "cannot arm the timer"
        quiet systemctl is-active "$unit.timer" || fail "the timer is not armed"
        stop_other_timers
      }

      # start: checks the new configuration as far as that is possible, and puts it in force some seconds
      # later, when the caller is gone.
      start() {
        if ! pending; then
          # The rollback came while files were being written: those would be in force at the next boot.
          ! going_back || lock || :
          if [ -e "$home/rolled-back" ] || going_back; then restore late; fi
          fail "the old network configuration has been put back already: $(cat "$home/rolled-back" 2>/dev/null)"
        fi
        if ! wrong=$(check 2>&1); then
          wrong="$backend refused the new configuration: $wrong"
          if [ -e "$home/touched" ]; then
            go_back "$wrong"
            fail "$wrong; the old one comes back now"
          fi
          roll_back refused "$wrong"
          fail "$wrong; the old one is in force"
        fi
        systemd-run --quiet --collect --unit="workr-network-apply-$(date +%s)-$$" \\
          --description="Put the new network configuration in force" --on-active=1 \\
          --timer-property=AccuracySec=100ms --property=Type=oneshot --property=KillMode=process \\
          --property=TimeoutStopSec=5 \\
          /bin/sh "$home/deadman" apply || fail "cannot start the unit that applies it"
      }

      # Rolls back now and not when the timer ends, in a unit of its own.
      go_back() {
        printf '%s\\n' "$1" >"$home/reason"
        quiet systemctl start --no-block "$(cat "$home/unit").service"
      }

      # apply: what the unit does. When the network is not good soon, it does not wait for the timer.
      # Daemons that a back end leaves behind may keep its output open: nobody may wait for its end.
      apply() {
        pending || return 0
        said=
        wrong="cannot write below $home"
        if touch "$home/touched" "$home/said"; then
          put_in_force >"$home/said" 2>&1 ||
            said="$backend failed: $(tail -n 3 "$home/said" | tr '\\n' ' ')"
          wrong=$(wait_until_good 40)
          if [ -z "$wrong" ]; then
            printf '%s\\n' "$id" >"$home/good" && return 0
            wrong="cannot write below $home"
          fi
        fi
        go_back "$wrong${said:+ ($said)}"
      }

      # rollback WHEN [WHY]: idempotent, and does nothing once the change is confirmed. At boot, and when
      # the new configuration was refused, the old one is or will be in force by itself.
      roll_back() {
        trap '' HUP INT PIPE # when a person asks for it, their connection may end half way
        why=${2-somebody asked for it}
        if [ "$1" != boot ]; then
          lock || : # whoever holds it is stuck, and the machine matters more
        fi
        claim || return 0
        whole=yes
        case $1 in
          boot | refused)
            [ "$1" != boot ] || why="the machine restarted before the change was confirmed"
            restore "$1" || whole=no
            [ "$backend" != netplan ] || quiet netplan generate
            ;;
          *)
            [ "$1" != timer ] || why="nobody confirmed the change within $rollback_after seconds"
            [ ! -s "$home/reason" ] || why=$(cat "$home/reason")
            stop_units
            [ "$backend" != ifupdown ] || ifupdown_down
            restore "$1" || whole=no
            put_back_in_force
            ;;
        esac
        [ "$whole" = yes ] || fail "not every file could be put back; the next boot tries again"
        printf '%s\\n' "$why" >"$home/rolled-back"
        sync
        rm -f "$home/going-back" "$home/reason" "$home/good" "$home/touched"
        pending || disarm # unless the next change has begun, which has armed its own
      }

      is_good() {
        [ "$(cat "$home/good" 2>/dev/null)" = "$id" ]
      }

      # confirm: the controller has come in by the new address. Succeeds again when repeated. Where the
      # address stays the same, it comes in before anything has been applied.
      confirm() {
        left=60
        while pending && ! is_good && [ "$left" -gt 0 ]; do
          sleep 1
          left=$((left - 1))
        done
        sync # the files first: what is confirmed must survive a power cut
        lock || fail "the dead-man switch is busy"
        was=
        if ! pending; then
          [ ! -e "$home/confirmed" ] || read -r was _ <"$home/confirmed"
          [ "$was" = "$id" ] || fail_taken_back
          disarm
          return 0
        fi
        read -r was _ <"$home/pending"
        [ "$was" = "$id" ] || fail "another change of the network is under way"
        is_good || fail "the new configuration is not in force yet; the old one comes back by itself"
        wrong=$(wait_until_good 5)
        [ -z "$wrong" ] || fail "$wrong; the old configuration comes back by itself"
        if ! mv -f "$home/pending" "$home/confirmed"; then
          ! pending || fail "cannot write below $home"
          fail_taken_back
        fi
        sync
        rm -f "$home/reason" "$home/touched"
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
