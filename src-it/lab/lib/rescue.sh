# shellcheck shell=bash
# A rescue system, as one boots from a stick on a machine that does not start any more: the base tree of the suite on a disk of
# its own, which asks for no passphrase. The user of the template is root there with sudo, and has the lab's key.

rescue_path() { # sets RESCUE to the folder that holds disk.raw, vmlinuz and initrd
  RESCUE=$LAB_HOME/rescue-$SUITE-$({ echo "$BASE" && cat "$LIB/rescue.sh" "$LAB_KEY.pub"; } | cache_key)
}

make_rescue() {
  rescue_path
  [[ ! -d $RESCUE ]] || return 0
  local new=$RESCUE.new
  delete_tree "$new"
  mkdir -p "$new"
  cp -a "$BASE" "$new/root"
  live_in "$new/root"
  in_tree "$new/root" sh -ec 'mkinitramfs -o /boot/rescue "$(cd /boot && echo vmlinuz-* | sed s/vmlinuz-//)"'
  rmdir "$new/root$LAB_HOME" # where in_tree had put the lab's folder
  mv "$new/root/boot/rescue" "$new/initrd"
  cp -L "$new"/root/boot/vmlinuz-* "$new/vmlinuz"
  truncate -s 1536M "$new/disk.raw"
  in_tree "$BASE" mke2fs -q -F -t ext4 -L RESCUE -E nodiscard -d "$new/root" "$new/disk.raw"
  delete_tree "$new/root"
  mv "$new" "$RESCUE"
}

live_in() { # ROOT
  local root=$1 home=$1/home/$TEMPLATE_USER
  : >"$root/etc/crypttab"
  printf 'LABEL=RESCUE / ext4 defaults 0 0\nLABEL=STICK /mnt ext4 ro,nofail 0 0\n' >"$root/etc/fstab"
  echo rescue >"$root/etc/hostname"
  rm -f "$root"/etc/ssh/ssh_host_*
  chroot "$root" ssh-keygen -q -A
  chroot "$root" useradd --create-home --shell /bin/bash -p '*' "$TEMPLATE_USER"
  echo "$TEMPLATE_USER ALL=(ALL) NOPASSWD: ALL" >"$root/etc/sudoers.d/rescue"
  mkdir -m 700 "$home/.ssh"
  cp "$LAB_KEY.pub" "$home/.ssh/authorized_keys"
  chroot "$root" chown -R "$TEMPLATE_USER:$TEMPLATE_USER" "/home/$TEMPLATE_USER/.ssh"
  printf '[Match]\nType=ether\n[Network]\nDHCP=ipv4\n' >"$root/etc/systemd/network/rescue.network"
  chroot "$root" systemctl -q enable systemd-networkd
}

# The machine's own disk is vda as ever; what lies in FOLDER is on a stick, mounted at /mnt.
rescue() { # NAME FOLDER
  local dir=$RUN/machine/$1 folder=${2:-}
  [[ -d $folder ]] || die "rescue: '$folder' is no folder whose files go onto the stick"
  ! alive "$1" || die "$1 is running; 'lab kill $1' first"
  rescue_path
  start_build rescue "$RESCUE"
  finish_build rescue
  in_tree "$TOOLS" qemu-img create -q -f qcow2 -F raw -b "$RESCUE/disk.raw" "$dir/rescue.qcow2"
  rm -rf "$dir/stick" "$dir/stick.raw"
  cp -r "$folder" "$dir/stick"
  truncate -s "$((64 + $(du -sm "$dir/stick" | cut -f1)))M" "$dir/stick.raw"
  in_tree "$BASE" mke2fs -q -F -t ext4 -L STICK -d "$dir/stick" "$dir/stick.raw"
  rm -rf "$dir/stick"
  power_on "$1" -drive "file=$dir/rescue.qcow2,if=virtio" -drive "file=$dir/stick.raw,format=raw,if=virtio,readonly=on" \
    -kernel "$RESCUE/vmlinuz" -initrd "$RESCUE/initrd" -append "root=LABEL=RESCUE ro console=ttyS0 quiet"
}
