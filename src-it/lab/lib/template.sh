# shellcheck shell=bash
# The template: a disk in the layout of Ubuntu's installer, full of a careless clone's identity and secrets.
#   vda1 BIOS boot | vda2 ext4 /boot | vda3 LUKS2 "dm_crypt-0" > LVM ubuntu-vg/ubuntu-lv > ext4 /
# or, with the layout "plain", without LVM: vda3 LUKS2 "dm_crypt-0" > ext4 /
# No machine is booted and no device mapper is needed to make it: the plain disk is laid out in a file, then
# cryptsetup encrypts the third partition in place ("reencrypt --encrypt" works off line, in user space).

readonly TEMPLATE_USER=ubuntu TEMPLATE_PASSWORD=template TEMPLATE_PASSPHRASE=template
readonly LUKS_UUID=5b1e6c3a-8d27-4f0c-9a64-2c7d1f0e9b35 BOOT_UUID=c41f7a90-36b2-4d5e-8e1b-7a0d94f2c6e8 DATA_UUID=9c0d2b71-4e5f-4a36-8b1c-6f7e8d9a0b1c
readonly BASE_PACKAGES=linux-image-cloud-amd64,systemd-sysv,dbus,udev,kmod,libpam-systemd,openssh-server,sudo,\
cryptsetup-initramfs,lvm2,e2fsprogs,passwd,grub-pc,iproute2,iputils-ping,curl,ca-certificates,jq,zstd,procps,less,nano,netbase

# --- the base tree --------------------------------------------------------------------------------------------

base_tree() { # sets BASE to the path of the suite's base tree
  BASE=$LAB_HOME/base-$SUITE-$({ echo "$BASE_PACKAGES"; declare -f make_tree make_base; cat "$LIB/base-essential"; } | cache_key)
}

make_base() {
  [[ ! -d $BASE ]] || return 0
  export LUKS_UUID BOOT_UUID
  make_tree "$SUITE" "$BASE_PACKAGES" "${BASE##*/}" --essential-hook="$LIB/base-essential \"\$1\""
}

# --- the template ---------------------------------------------------------------------------------------------

template_path() { # sets TEMPLATE to the folder that holds disk.raw and facts
  TEMPLATE=$LAB_HOME/template-$SUITE-$BACKEND-$({
    echo "$BASE $LAYOUT $DISK_MIB $EXTRA_PACKAGES $MIRROR $SECURITY_MIRROR"
    cat "$LIB/template.sh" "$LIB/backends.sh" "$LAB_KEY.pub"
  } | cache_key)
}

make_template() {
  [[ ! -d $TEMPLATE ]] || return 0
  lay_out_template "$TEMPLATE.new"
  mv "$TEMPLATE.new" "$TEMPLATE"
}

lay_out_template() ( # FOLDER; a subshell: its trap gives the loop device back however this ends
  set -x
  work=$1
  LOOP=
  trap '{ set +x; } 2>/dev/null; [[ -z $LOOP ]] || losetup -d "$LOOP"; delete_tree "$work/root"' EXIT
  delete_tree "$work"
  mkdir -p "$work"
  cp -a "$BASE" "$work/root"
  add_packages "$work/root"
  give_identity "$work/root"
  "backend_$BACKEND" "$work/root"
  lay_out_disk "$work/root" "$work/disk.raw"
  rm -f "$work/key" "$work"/grub.*
)

# What the network backend (and the user) wants beyond the base. The package lists stay, as in any template that was
# ever updated: an emulated machine needs minutes to make them anew.
add_packages() { # ROOT
  local root=$1 packages
  packages=$(backend_packages "$SUITE" "$BACKEND" && echo "${EXTRA_PACKAGES//,/ }")
  sources "$SUITE" >"$root/etc/apt/sources.list"
  { clock_quirks && echo 'Acquire::Languages "none";'; } >"$root/etc/apt/apt.conf.d/90lab"
  rm -f "$root"/etc/apt/sources.list.d/*
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o "Acquire::http::Proxy=$PROXY_URL")
  "${CHROOT_IN_LAB[@]}" "$root" "$LAB_HOME" "${apt[@]}" update
  # shellcheck disable=SC2086
  "${CHROOT_IN_LAB[@]}" "$root" "$LAB_HOME" "${apt[@]}" install --no-install-recommends $packages
  "${CHROOT_IN_LAB[@]}" "$root" "$LAB_HOME" "${apt[@]}" check # makes its caches
  rm -f "$root/usr/sbin/policy-rc.d" "$root"/var/cache/apt/archives/*.deb
  rmdir "$root$LAB_HOME" # where in_tree had put the lab's folder
}

give_identity() { # ROOT: what a template carries and every careless clone of it as well
  local root=$1 id type user_home=$1/home/$TEMPLATE_USER
  echo worker-template >"$root/etc/hostname"
  printf '127.0.0.1 localhost\n127.0.1.1 worker-template\n' >"$root/etc/hosts"
  id=$(tr -d - </proc/sys/kernel/random/uuid)
  echo "$id" >"$root/etc/machine-id"
  mkdir -p "$root/var/lib/dbus" "$root/var/log/journal/$id"
  ln -sf /etc/machine-id "$root/var/lib/dbus/machine-id"
  head -c 512 /dev/urandom >"$root/var/lib/systemd/random-seed"
  chmod 600 "$root/var/lib/systemd/random-seed"
  rm -f "$root"/etc/ssh/ssh_host_*
  chroot "$root" ssh-keygen -q -A
  for type in ed25519 ecdsa rsa; do
    echo "template_host_key_$type=$(ssh-keygen -lf "$root/etc/ssh/ssh_host_${type}_key.pub" | cut -d' ' -f2)"
  done >"${root%/*}/facts"
  echo "template_machine_id=$id" >>"${root%/*}/facts"
  chroot "$root" useradd --create-home --shell /bin/bash --groups sudo "$TEMPLATE_USER"
  printf '%s:%s\n' "$TEMPLATE_USER" "$TEMPLATE_PASSWORD" | chroot "$root" chpasswd
  # An emulated machine on a busy one is slow beyond systemd's patience, and would end in its emergency shell.
  mkdir -p "$root/etc/systemd/system.conf.d"
  printf '[Manager]\nDefaultTimeoutStartSec=15min\nDefaultDeviceTimeoutSec=15min\n' >"$root/etc/systemd/system.conf.d/lab.conf"
  chroot "$root" systemctl -q mask e2scrub_reap.service # five seconds of every boot, for nothing
  mkdir -m 700 "$user_home/.ssh"
  cp "$LAB_KEY.pub" "$user_home/.ssh/authorized_keys"
  echo 'ls -la' | tee "$user_home/.bash_history" >"$root/root/.bash_history"
  chmod 600 "$user_home/.ssh/authorized_keys" "$user_home/.bash_history" "$root/root/.bash_history"
  chroot "$root" chown -R "$TEMPLATE_USER:$TEMPLATE_USER" "/home/$TEMPLATE_USER"
}

# --- the disk -------------------------------------------------------------------------------------------------

root_device() { case $LAYOUT in lvm) echo /dev/mapper/ubuntu--vg-ubuntu--lv ;; plain) echo /dev/mapper/dm_crypt-0 ;; esac; }

lay_out_disk() { # ROOT DISK
  local root=$1 disk=$2 boot=256 data luks_mib root_begin root_mib
  luks_mib=$((DISK_MIB - boot - 4))                # after two MiB of GPT and BIOS boot, before the second GPT
  data=$((2 + boot))                               # MiB where vda3 begins
  root_begin=$data root_mib=$((luks_mib - 32))     # less LUKS2 header space
  sed -i "s|^[^ ]* / |$(root_device) / |" "$root/etc/fstab"
  truncate -s "${DISK_MIB}M" "$disk"
  in_tree "$TOOLS" sfdisk -q "$disk" <<LAYOUT
label: gpt
start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649
start=4096, size=$((boot * 2048)), type=linux
start=$((data * 2048)), size=$((luks_mib * 2048)), type=linux
LAYOUT
  make_bootable "$root" "$disk"
  in_tree "$BASE" mke2fs -q -F -t ext4 -b 4096 -U "$BOOT_UUID" -E offset=$((2 << 20)) -d "$root/boot" "$disk" "${boot}M"
  rm -rf "${root:?}/boot"
  mkdir "$root/boot"

  if [[ $LAYOUT == lvm ]]; then
    LOOP=$(losetup --show -f -o $((data << 20)) --sizelimit $(((luks_mib - 32) << 20)) "$disk")
    # shellcheck disable=SC2016
    in_tree "$BASE" sh -ec '
      lvm pvcreate -qq --driverloaded n -ff -y "$1"
      lvm vgcreate -qq --driverloaded n ubuntu-vg "$1"
      lvm lvcreate -qq --driverloaded n -an -Zn -Wn -l100%FREE -n ubuntu-lv ubuntu-vg
      lvm pvs --driverloaded n --units b -o pe_start --noheadings "$1" | grep -qw 1048576B' lvm "$LOOP"
    losetup -d "$LOOP"
    LOOP=
    # pe_start, just proven, is where the first logical volume begins
    root_begin=$((data + 1)) root_mib=$((root_mib - 8)) # less metadata and rounding
  fi
  in_tree "$BASE" mke2fs -q -F -t ext4 -b 4096 -d "$root" \
    -E offset=$((root_begin << 20)),lazy_itable_init=1,lazy_journal_init=1,nodiscard "$disk" "${root_mib}M"

  printf '%s' "$TEMPLATE_PASSPHRASE" >"${disk%/*}/key"
  LOOP=$(losetup --show -f -o $((data << 20)) --sizelimit $((luks_mib << 20)) "$disk")
  in_tree "$BASE" cryptsetup reencrypt --encrypt --type luks2 --uuid "$LUKS_UUID" --reduce-device-size 32M \
    --resilience none --pbkdf argon2id --pbkdf-memory 32768 --pbkdf-parallel 1 --pbkdf-force-iterations 4 \
    --batch-mode --key-file "${disk%/*}/key" "$LOOP"
  losetup -d "$LOOP"
  LOOP=
}

# GRUB without grub-install, which wants the real devices: the same images, put where it puts them. In the machine
# grub-install and update-grub work as ever.
make_bootable() { # ROOT DISK
  local root=$1 disk=$2 work=${2%/*} kernel initrd grub=usr/lib/grub/i386-pc core
  kernel=$(cd "$root/boot" && echo vmlinuz-*) initrd=$(cd "$root/boot" && echo initrd.img-*)
  mkdir -p "$root/boot/grub/i386-pc"
  cp "$root/$grub"/*.mod "$root/$grub"/*.lst "$root/boot/grub/i386-pc/"
  cp "$root/usr/share/grub/default/grub" "$root/etc/default/grub"
  # No screen in the lab: the passphrase prompt must come to the serial line, GRUB's own output need not.
  sed -i -e 's/^GRUB_TIMEOUT=.*/GRUB_TIMEOUT=0/' -e 's/^GRUB_CMDLINE_LINUX=.*/GRUB_CMDLINE_LINUX="console=ttyS0"/' \
    -e 's/^#GRUB_TERMINAL=.*/GRUB_TERMINAL=console/' "$root/etc/default/grub"
  cat >"$root/boot/grub/grub.cfg" <<GRUB
search --no-floppy --fs-uuid --set=root $BOOT_UUID
linux /$kernel root=$(root_device) ro console=ttyS0 quiet
initrd /$initrd
boot
GRUB
  printf 'search --no-floppy --fs-uuid --set=root %s\nset prefix=($root)/grub\nnormal\n' "$BOOT_UUID" >"$work/grub.early"
  in_tree "$BASE" grub-mkimage -O i386-pc -p /grub -c "$work/grub.early" -o "$work/grub.core" \
    biosdisk part_gpt ext2 search search_fs_uuid normal configfile echo linux boot
  cp "$root/$grub/boot.img" "$work/grub.boot"

  # boot.img: LBA of core.img at 0x5c, two NOPs at 0x66 (trust the BIOS's drive number); core.img: where its rest is
  truncate -s %512 "$work/grub.core"
  core=$(stat -c %s "$work/grub.core")
  poke "$work/grub.boot" 0x5c 00 08 00 00 00 00 00 00
  poke "$work/grub.boot" 0x66 90 90
  poke "$work/grub.core" 0x1f4 01 08 00 00 00 00 00 00 "$(printf '%02x %02x' $((core / 512 - 1 & 255)) $((core / 512 - 1 >> 8)))" 20 08
  dd if="$work/grub.boot" of="$disk" bs=1 count=440 conv=notrunc status=none
  dd if="$work/grub.core" of="$disk" bs=512 seek=2048 conv=notrunc status=none
}

poke() { # FILE OFFSET HEX...
  local file=$1 offset=$(($2)) bytes
  shift 2
  bytes=$*
  printf '%b' "\\x${bytes// /\\x}" | dd of="$file" bs=1 seek="$offset" conv=notrunc status=none
}
