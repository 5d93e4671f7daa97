# shellcheck shell=bash
# For the scripts that try workr on disks of machines: sourced after checks.sh, not run. The machines are those of
# src-it/lab, with the pom disk.xml; nobody types a passphrase at their consoles once they are provisioned.

lab=$root/src-it/lab/lab
pom=$here/disk.xml
target=${WORKR_E2E_DIRECTORY:-$root/src-it/target/e2e-disk}
export WORKR_DISKS_LUKS_CURRENT=template # what the template was made with
for number in 1 2 3 4 5 6 7 8 9; do export "WORKR_DISKS_WORKR${number}_LOGIN=template"; done # as the template's; it is not set anew
# What provision would install one after the other is in the template already.
export WORKR_LAB_PACKAGES=${WORKR_LAB_PACKAGES-clevis,clevis-luks,clevis-initramfs,clevis-systemd}

fact() { "$lab" net | sed -n "s/^$1=//p" | tr -d "'"; }
address() { echo "10.77.0.$((20 + ${1#workr}))"; }
machines() { fact machines; }

disks_up() { # COUNT SUITE: machines, and a fresh project for them
  # The lab has no way out, so what Maven needs is fetched before.
  "$mvn" -B -ntp -q "-Dmaven.repo.local=$repository" -f "$here/disk.xml" workr:help >/dev/null || return 1
  "$lab" status >/dev/null 2>&1 && "$lab" down
  "$lab" up "$1" --suite "$2" || return 1
  rm -rf "$target"
  mkdir -p "$target"
  (umask 077 && head -c 24 /dev/urandom | base64 >"$target/keystore-password")
}

goal() { # GOAL [OPTION...]
  local number servers=()
  for number in 1 2 3; do
    servers+=("-Dlab.tang$number=$(fact "tang${number}_url")" "-Dlab.thumbprint$number=$(fact "tang${number}_thumbprint")")
  done
  WORKR_DISKS_KEYSTORE=$(<"$target/keystore-password")
  export WORKR_DISKS_KEYSTORE
  "$lab" run "$mvn" -B -ntp -o "-Dmaven.repo.local=$repository" -f "$pom" "-De2e.directory=$target" \
    "-Dlab.count=$(machines | wc -w)" "-Dlab.hostKey=$(fact template_host_key_ed25519)" "-Dlab.privateKey=$(fact private_key)" \
    "-Dlab.proxy=$(fact proxy)" "${servers[@]}" -Dworkr.output="$target/workr" "$@"
}

inside() { # NAME COMMAND: with the key that workr pinned
  "$lab" run ssh -i "$(fact private_key)" -o UserKnownHostsFile="$target/known_hosts" -o StrictHostKeyChecking=yes \
    -o GlobalKnownHostsFile=/dev/null -o BatchMode=yes -o ConnectTimeout=20 -o ServerAliveInterval=15 -o ServerAliveCountMax=4 -o LogLevel=ERROR "ubuntu@$(address "$1")" "$2"
}
as_root() { # NAME SCRIPT [FILE]: what is in FILE, or on standard input when FILE is -, is the script's standard input
  { echo template; [ -z "${3-}" ] || cat "$3"; } | inside "$1" "sudo -k -S -p '' sh -ec $(printf %q "$2")"
}
passphrase_to() { # NAME FILE: what the controller has for it, without a line end
  rm -f "$2" "$2.line"
  goal workr:secrets "-Dworkr.show=disks.$1.luks" "-Dworkr.export=$2.line" >/dev/null && (umask 077 && tr -d '\n' <"$2.line" >"$2") && rm "$2.line"
}
opens() { # NAME FILE [DEVICE]
  as_root "$1" "cat >/run/e2e-key; code=0; cryptsetup open --test-passphrase --key-file /run/e2e-key ${3:-/dev/vda3} || code=\$?; rm /run/e2e-key; exit \$code" "$2"
}
volume_key_to() { # NAME FILE PASSPHRASE [DEVICE]: in hexadecimal
  as_root "$1" "cat >/run/e2e-key; rm -f /run/e2e-volume; cryptsetup luksDump -q --dump-volume-key --key-file /run/e2e-key --volume-key-file /run/e2e-volume ${4:-/dev/vda3} >/dev/null
    od -An -v -tx1 /run/e2e-volume | tr -d ' \\n'; rm /run/e2e-volume /run/e2e-key" "$3" >"$2" && [ -s "$2" ]
}
reads() { # NAME VOLUME-KEY: whether the data become a physical volume of LVM, or ext4, with it, through a mapping of our own
  as_root "$1" 'IFS= read -r key || :
    dmsetup remove e2e 2>/dev/null || :
    printf "0 2048 crypt aes-xts-plain64 %s 0 /dev/vda3 32768\n" "$key" | dmsetup create --readonly e2e
    volume=$(dd if=/dev/mapper/e2e bs=512 skip=1 count=1 status=none | head -c 8 | od -An -tx1)
    system=$(dd if=/dev/mapper/e2e bs=8 skip=135 count=1 status=none | head -c 2 | od -An -tx1)
    dmsetup remove e2e
    [ "$volume" = " 4c 41 42 45 4c 4f 4e 45" ] || [ "$system" = " 53 ef" ]' "$2"
}
boot_id() { inside "$1" 'cat /proc/sys/kernel/random/boot_id'; }
comes_back() { # NAME OLD-BOOT-ID [SECONDS]
  local end=$((SECONDS + ${3:-300})) now
  while ((SECONDS < end)); do
    now=$(boot_id "$1" 2>/dev/null) && [ "$now" != "$2" ] && return 0
    sleep 3
  done
  echo "$1 did not come back; the end of its console:"
  "$lab" console "$1" show | tail -n 5
  return 1
}
restart() { as_root "$1" 'systemd-run --quiet --on-active=1 systemctl reboot'; }
restarts_unattended() { # NAME
  local before
  before=$(boot_id "$1") && restart "$1" && comes_back "$1" "$before"
}
prompts() { "$lab" console "$1" show | grep -ac 'Please unlock disk'; }
stays_locked() { # NAME: it asks at its console, and does not answer
  local before prompts
  before=$(boot_id "$1") prompts=$(prompts "$1")
  restart "$1" || return 1
  for _ in {1..60}; do
    [ "$(prompts "$1")" -le "$prompts" ] || break
    sleep 3
  done
  [ "$(prompts "$1")" -gt "$prompts" ] || return 1
  ! comes_back "$1" "$before" 60
}
