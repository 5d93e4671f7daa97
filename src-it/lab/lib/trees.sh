# shellcheck shell=bash
# Where Debian's packages come from, and the cached root file systems made of them.
#   tools-HASH   QEMU, dnsmasq, socat, tang...: what runs the lab, kept out of the machine itself
#   base-HASH    what every template of one suite has; its cryptsetup, mke2fs and GRUB also make the disk

readonly TOOLS_SUITE=trixie # has QEMU 10, in software emulation about twice as fast as 7
readonly DEBIAN_MIRROR=http://deb.debian.org/debian
readonly TOOLS_PACKAGES=qemu-system-x86,qemu-utils,seabios,dnsmasq-base,socat,tang,jose,fdisk,swtpm

# --- the mirror -----------------------------------------------------------------------------------------------

find_mirror() { # sets MIRROR and SECURITY_MIRROR: what this machine's apt uses; where that has no Debian, Debian's own
  MIRROR=${WORKR_LAB_MIRROR:-} SECURITY_MIRROR=${WORKR_LAB_SECURITY_MIRROR:-}
  if [[ -z $MIRROR ]]; then
    MIRROR=$(apt_repository Debian)
    if [[ -z $MIRROR ]]; then
      say "asking apt for its package sources (apt-get update)"
      apt-get -q update >>"$LAB_HOME/log/apt.log" 2>&1 || true
      MIRROR=$(apt_repository Debian)
    fi
    SECURITY_MIRROR=${SECURITY_MIRROR:-$(apt_repository Debian-Security)}
  fi
  if [[ -z $MIRROR ]]; then
    MIRROR=$DEBIAN_MIRROR SECURITY_MIRROR=${SECURITY_MIRROR:-$DEBIAN_MIRROR-security}
    say "apt on this machine knows no Debian archive: taking $MIRROR (WORKR_LAB_MIRROR: another one)"
  fi
  [[ $MIRROR =~ ^https?://[^/]+ ]] || die "WORKR_LAB_MIRROR must be an http:// or https:// URL, not '$MIRROR'"
}

apt_repository() { # LABEL: the address of the first repository with this label
  apt-get indextargets --format '$(LABEL)|$(ORIGIN)|$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk -F'|' -v label="$1" '$1 == label && $2 == "Debian" && $3 ~ /^https?:/ { sub("/$", "", $3); print $3; exit }'
}

# inside SUITE: its sources as machines of the lab see them; the package proxy speaks http to them in any case
sources() {
  local plain=${MIRROR/#https:/http:} plain_security=${SECURITY_MIRROR/#https:/http:}
  echo "deb $plain $1 main"
  [[ $1 != sid ]] || return 0 # which has nothing else
  echo "deb $plain $1-updates main"
  [[ -z $plain_security ]] || echo "deb $plain_security $1-security main"
}

# A mirror that is a snapshot needs its clock checks off; what this machine's apt says holds for the lab as well.
clock_quirks() {
  local key value
  for key in Check-Valid-Until Check-Date; do
    value=$(apt-config shell v "Acquire::$key/b" 2>/dev/null)
    [[ $value != *false* ]] || echo "Acquire::$key \"false\";"
  done
}

# --- trees ----------------------------------------------------------------------------------------------------

cache_key() { sha256sum | cut -c1-12; } # of what is on stdin

# make_tree SUITE PACKAGES NAME [HOOK-OPTION...]: afterwards $LAB_HOME/NAME is there.
# Runs in the lab's namespace: the packages come through (and stay in) the lab's package proxy.
make_tree() {
  local suite=$1 packages=$2 tree=$LAB_HOME/$3 quirk options=()
  shift 3
  while read -r quirk; do options+=("--aptopt=$quirk"); done < <(clock_quirks)
  delete_tree "$tree.new"
  sources "$suite" | nsenter --net="$NETNS" mmdebstrap --mode=root --format=directory --variant=apt \
    --include="$packages" --aptopt="Acquire::http::Proxy \"$PROXY_URL\"" "${options[@]}" \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
    --dpkgopt='path-exclude=/usr/share/locale/*' --keyring=/usr/share/keyrings/debian-archive-keyring.gpg "$@" \
    --customize-hook='rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1/etc/resolv.conf"' \
    "$suite" "$tree.new" - || return 1
  mv "$tree.new" "$tree"
}

# A tree is only deleted when nothing is mounted in it: a bind mount of /dev must never be emptied.
delete_tree() {
  ! grep -q " $1/" /proc/mounts || die "something is mounted below $1; unmount it first"
  rm -rf --one-file-system "$1"
}

# in_tree TREE COMMAND...: chroot with its own mounts, which end with the command; sees the lab's folder
in_tree() {
  local tree=$1
  shift
  # shellcheck disable=SC2016
  unshare --mount --propagation private -- "${CHROOT[@]}" "$tree" "$LAB_HOME" "$@"
}
# shellcheck disable=SC2016
readonly CHROOT=(bash -ec '
  tree=$1 home=$2
  shift 2
  mkdir -p "$tree$home"
  mount --rbind /dev "$tree/dev"
  mount -t proc proc "$tree/proc"
  mount --rbind /sys "$tree/sys"
  mount --bind "$home" "$tree$home"
  export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
  exec chroot "$tree" "$@"' chroot)

tools_tree() { # sets TOOLS to the tree's path
  TOOLS=$LAB_HOME/tools-$({ echo "$TOOLS_SUITE $TOOLS_PACKAGES $(dpkg --print-architecture)"; declare -f make_tree; } | cache_key)
}

make_tools() {
  [[ ! -d $TOOLS ]] || return 0
  make_tree "$TOOLS_SUITE" "$TOOLS_PACKAGES" "${TOOLS##*/}"
}
