# shellcheck shell=bash
# One lab from its "up" to its "down": folders, settings that later commands must know, and what both kinds of lab share.

readonly NEEDED=(mmdebstrap=mmdebstrap ip=iproute2 ssh=openssh-client python3=python3 losetup=mount setsid=util-linux
  /usr/share/keyrings/debian-archive-keyring.gpg=debian-archive-keyring)

prepare_folders() { # sets LOG; the last ten runs' logs are kept
  LOG=$LAB_HOME/log/$LAB_NAME-$(date +%Y%m%d-%H%M%S)
  mkdir -p "$RUN"/{pid,machine} "$LOG"
  ln -sfn "$LOG" "$LAB_HOME/log/$LAB_NAME"
  find "$LAB_HOME/log" -maxdepth 1 -type d -name "$LAB_NAME-2*" | sort | head -n -10 | xargs -r rm -rf
  if [[ ! -e $LAB_KEY ]]; then
    ssh-keygen -q -t ed25519 -N '' -C workr-lab -f "$LAB_KEY"
    chown "$(caller_uid):$(caller_gid)" "$LAB_KEY"
  fi
}

save_settings() { # VARIABLE...
  local name
  for name; do
    printf '%s=%q\n' "$name" "${!name:-}"
  done >"$RUN/settings"
}

is_up() {
  local file
  for file in "$RUN"/pid/*; do
    ! alive "${file##*/}" || return 0
  done
  return 1
}

attend() { # before any command that needs the lab up
  if [[ ! -e $RUN/settings ]] || ! is_up; then die "the lab is not up ('$PROGRAM up')"; fi
  # shellcheck source=/dev/null
  source "$RUN/settings"
}

stop_all() {
  local file
  for file in "$RUN"/pid/*; do stop "${file##*/}"; done
}

# An "up" that fails or is interrupted leaves nothing.
undo_on_exit() {
  trap 'say "cleaning up; logs are in $LOG"; clean_up' EXIT
  trap 'exit 130' INT TERM HUP
}
up_is_done() { trap - EXIT INT TERM HUP; }

run_inside() { # COMMAND...: in the lab's network, as the person who called
  (($#)) || die "which command?"
  local uid
  uid=$(caller_uid)
  ((!uid)) || set -- setpriv --reuid "$uid" --regid "$(caller_gid)" --init-groups \
    env "PATH=${WORKR_CALLER_PATH:-$PATH}" "HOME=$(getent passwd "$uid" | cut -d: -f6)" "USER=$SUDO_USER" "LOGNAME=$SUDO_USER" "$@"
  exec nsenter --net="$NETNS" -- "$@"
}
