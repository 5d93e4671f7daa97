# shellcheck shell=bash
# The machines: clones of the template under QEMU. $RUN/machine/NAME holds a clone's disk, sockets and passphrases.

machines() { ls "$RUN/machine" 2>/dev/null | sort -V; }

check_machine() { # NAME
  [[ ${1:-} && -d $RUN/machine/$1 ]] || die "there is no machine '${1:-}' (there are: $(machines | paste -sd' '))"
}

new_clone() { # NAME: a fresh copy-on-write copy of the template
  local dir=$RUN/machine/$1
  mkdir -p "$dir"
  rm -f "$dir/disk.qcow2"
  in_tree "$TOOLS" qemu-img create -q -f qcow2 -F raw -b "$TEMPLATE/disk.raw" "$dir/disk.qcow2"
  (umask 077 && echo "$TEMPLATE_PASSPHRASE" >"$dir/passphrases")
  ((DATA_MIB == 0)) || new_data_disk "$dir/data.raw"
  forget_tpm "$1"
}

forget_tpm() { # NAME: the next one has another seed, so nothing that was sealed by this one opens
  ! alive "$1" || die "$1 is running; 'lab kill $1' first"
  rm -rf "$RUN/machine/$1/tpm"
}

tpm_on() { # NAME: prints QEMU's options for it
  local dir=$RUN/machine/$1
  [[ $TPM == yes ]] || return 0
  mkdir -p "$dir/tpm"
  spawn "$1-tpm" "${CHROOT_IN_LAB[@]}" "$TOOLS" "$LAB_HOME" swtpm socket --tpm2 --tpmstate "dir=$dir/tpm" --ctrl "type=unixio,path=$dir/tpm.socket"
  wait_until 20 test -S "$dir/tpm.socket" || die "the TPM of $1 does not start: $(tail -n 3 "$LOG/$1-tpm.log")"
  echo "-chardev socket,id=tpm,path=$dir/tpm.socket -tpmdev emulator,id=tpm0,chardev=tpm -device tpm-tis,tpmdev=tpm0"
}

new_data_disk() { # FILE: a second encrypted disk, with the template's passphrase; nothing opens it yet
  rm -f "$1"
  truncate -s "${DATA_MIB}M" "$1"
  printf %s "$TEMPLATE_PASSPHRASE" | in_tree "$BASE" cryptsetup luksFormat -q --type luks2 --uuid "$DATA_UUID" --pbkdf argon2id \
    --pbkdf-memory 32768 --pbkdf-parallel 1 --pbkdf-force-iterations 4 --key-file - "$1"
}

power_on() { # NAME [OPTION...]: with further options of QEMU
  local name=$1 dir=$RUN/machine/$1 tpm
  shift
  ! alive "$name" || die "$name is already running"
  stop "$name-tpm"
  rm -f "$dir"/*.socket
  tpm=$(tpm_on "$name")
  ip -n "$LAB_NAME" link show "$name" &>/dev/null || ip -n "$LAB_NAME" -batch - <<IP
tuntap add $name mode tap
link set $name master br0 up
IP
  # The card's slot gives it its name, see lib/backends.sh; no option ROM: nothing boots from the network.
  # cache=writeback: what the machine flushed is safe from a power cut, what it did not is lost, as on a real disk.
  # nice: a machine's clock runs on while builds beside it take the processor, and then its time-outs strike. Where
  # the kernel groups processes by session, the group has a niceness of its own.
  # shellcheck disable=SC2046,SC2086
  spawn "$name" "${CHROOT_IN_LAB[@]}" "$TOOLS" "$LAB_HOME" nice -n -5 qemu-system-x86_64 -name "$name" $(accelerator_options) \
    -m "$MEMORY_MIB" -smp 2 -nodefaults -no-user-config -display none -device virtio-rng-pci \
    -drive "file=$dir/disk.qcow2,if=virtio,cache=writeback,discard=unmap" \
    $( ((DATA_MIB == 0)) || echo "-drive file=$dir/data.raw,format=raw,if=virtio,cache=writeback") \
    -netdev "tap,id=net,ifname=$name,script=no,downscript=no" \
    -device "virtio-net-pci,netdev=net,mac=$(mac_address "$name"),romfile=,addr=3" \
    -chardev "socket,id=serial,path=$dir/serial.socket,server=on,wait=off,logfile=$LOG/$name.console,logappend=on" \
    -serial chardev:serial \
    -chardev "socket,id=agent,path=$dir/agent.socket,server=on,wait=off" -device virtio-serial-pci \
    -device virtserialport,chardev=agent,name=org.qemu.guest_agent.0 \
    -monitor "unix:$dir/monitor.socket,server=on,wait=off" $tpm "$@"
  { echo -5 >"/proc/$(pid_of "$name")/autogroup"; } 2>/dev/null || true
  wait_until 60 test -S "$dir/monitor.socket" || die "$name does not start: $(tail -n 3 "$LOG/$name.log")"
  stop "$name-console"
  spawn "$name-console" python3 "$LIB/console" "$dir/serial.socket" "$dir/console.socket" "$dir/passphrases"
}

power_cut() { # NAME: as if the plug were pulled
  stop "$1" KILL
  stop "$1-console"
  stop "$1-tpm"
}

throttle() { # NAME MIB|off: its disk reads and writes that much a second, and no more
  local bytes=0 dir=$RUN/machine/$1
  [[ ${2:-} =~ ^([1-9][0-9]{0,3}|off)$ ]] || die "throttle: MiB a second, or off, not '${2:-}'"
  alive "$1" || die "$1 is switched off"
  [[ $2 == off ]] || bytes=$(($2 << 20))
  echo "block_set_io_throttle virtio0 $bytes 0 0 0 0 0" | "${CHROOT_IN_LAB[@]}" "$TOOLS" "$LAB_HOME" socat -T 3 - "UNIX-CONNECT:$dir/monitor.socket" |
    { ! grep -a '^Error'; } || die "QEMU does not take it"
}

# --- talking to them --------------------------------------------------------------------------------------------

ssh_to() { # ADDRESS [COMMAND...]: the machine hangs on a tap of our own, its key is whatever it has become
  local address=$1
  shift
  in_namespace ssh -F /dev/null -i "$LAB_KEY" -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=30 -o LogLevel=ERROR \
    -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=accept-new "$TEMPLATE_USER@$address" "$@"
}

# Where a machine answers now: an address that its network card was seen with, or else its bootstrap address.
address_of() { # NAME
  local name=$1 address
  for address in $(ip -n "$LAB_NAME" -4 neighbour show dev br0 | awk -v mac="$(mac_address "$name")" '$3 == mac { print $1 }') \
    "$(bootstrap_address "$name")"; do
    if answers "$address" 22; then
      echo "$address"
      return
    fi
  done
  return 1
}

answers_ssh() { # NAME [ADDRESS]
  local address=${2:-}
  [[ $address ]] || address=$(address_of "$1") || return 1
  ssh_to "$address" true 2>/dev/null
}

answers_or_is_off() { ! alive "$1" || answers_ssh "$@"; }

wait_for_ssh() { # NAME SECONDS [ADDRESS]
  local answered=no
  ! wait_until "$2" answers_or_is_off "$1" ${3:+"$3"} || answered=yes
  # QEMU's emulation has been seen to fail an assertion of its own.
  alive "$1" || die "$1 is switched off, or its QEMU has ended by itself; the end of its log: $(tail -n 1 "$LOG/$1.log")"
  [[ $answered == yes ]] ||
    die "$1 does not answer over SSH within $2 s; its console is in $LOG/$1.console, its end: $(tail -n 3 "$LOG/$1.console")"
}

console() { # NAME [show|follow]: attach by default
  local dir=$RUN/machine/$1
  case ${2:-attach} in
    show) cat "$LOG/$1.console" ;;
    follow) exec tail -n 50 -F "$LOG/$1.console" ;;
    attach)
      alive "$1-console" || die "$1 is switched off; see 'console $1 show'"
      say "attached to $1; leave with Ctrl-]"
      exec "${CHROOT_IN_LAB[@]}" "$TOOLS" "$LAB_HOME" socat "STDIO,raw,echo=0,escape=0x1d" "UNIX-CONNECT:$dir/console.socket"
      ;;
    *) die "console: show, follow or nothing, not '$2'" ;;
  esac
}

unlock() { # NAME on|off|set: whether, and with what, the console watcher answers the passphrase prompt
  local file=$RUN/machine/$1/passphrases
  case ${2:-} in
    off) : >"$file" ;;
    on) echo "$TEMPLATE_PASSPHRASE" >"$file" ;;
    set) cat >"$file" ;;
    *) die "unlock: on, off or set (passphrases on standard input, one a line, tried in turn)" ;;
  esac
}

# --- the accelerator ----------------------------------------------------------------------------------------------

# /dev/kvm may be there and hang, or be refused: only a kernel that boots to its end proves it. Asked once per boot of
# this machine.
find_accelerator() { # sets ACCELERATOR to kvm or tcg
  local memory=$LAB_HOME/accelerator boot answer=tcg
  boot="$(</proc/sys/kernel/random/boot_id) ${TOOLS##*/}"
  ACCELERATOR=${WORKR_LAB_ACCELERATOR:-$(awk -v boot="$boot" '$0 ~ "^" boot " " { print $NF }' "$memory" 2>/dev/null || true)}
  [[ -z $ACCELERATOR ]] || return 0
  if [[ -e /dev/kvm ]]; then
    in_tree "$TOOLS" timeout -k 1 20 qemu-system-x86_64 -accel kvm -cpu host -m 256 -nodefaults -no-user-config -display none \
      -no-reboot -serial stdio -kernel "$(echo "$BASE"/boot/vmlinuz-*)" -append 'console=ttyS0 panic=-1' \
      </dev/null >"$LOG/kvm-probe.log" 2>&1 || true
    ! grep -q 'Unable to mount root fs' "$LOG/kvm-probe.log" || answer=kvm
  fi
  echo "$boot $answer" >"$memory"
  ACCELERATOR=$answer
}

accelerator_options() {
  case $ACCELERATOR in
    kvm) echo -accel kvm -cpu host ;;
    *) echo -accel tcg,thread=multi,tb-size=256 -cpu max,la57=off ;; # la57: five-level page tables, slow to emulate
  esac
}
