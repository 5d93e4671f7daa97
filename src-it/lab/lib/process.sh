# shellcheck shell=bash
# Words to the user, settings that all lab commands share, and background processes that can be ended safely.

LAB_HOME=${WORKR_LAB_HOME:-/var/cache/workr-lab} # caches, logs and what is running
LAB_KEY=$LAB_HOME/id_ed25519
RUN=$LAB_HOME/run/$LAB_NAME
LOG=$LAB_HOME/log/$LAB_NAME # a link to the current run's
LOCK=3

# --- words --------------------------------------------------------------------------------------------------

say() { printf '%s: %s\n' "$PROGRAM" "$*" >&2; }
die() { say "$*"; exit 1; }

# as_root ARGS...: run this program again with sudo when the caller is not root; returns at once for root. What the
# caller has exported goes along, for commands that are run on the caller's behalf (see run_inside).
as_root() {
  ((EUID)) || return 0
  command -v sudo >/dev/null || die "needs root: run it as root, or install sudo"
  say "needs root for network namespaces and mounts; asking sudo"
  export WORKR_CALLER_PATH=$PATH
  exec sudo "--preserve-env=$(compgen -e | grep -vx 'HOME\|PATH\|USER\|LOGNAME\|SHELL\|SUDO_.*' | paste -sd,)" -- "$SELF" "$@"
}

# The person behind sudo, or root: who runs commands inside the lab and owns its private key.
caller_uid() { echo "${SUDO_UID:-0}"; }
caller_gid() { echo "${SUDO_GID:-0}"; }

# --- background processes -----------------------------------------------------------------------------------
# $RUN/pid/NAME holds "pid start-time": together they name a process for good, so nothing else is ever ended,
# not even after the number was given away again.

started() { # PID: when it was started, in clock ticks since boot; fails when there is no such process
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # shellcheck disable=SC2086
  set -- ${stat##*) }
  [[ $1 != [ZX] ]] || return 1 # ended, and only waits to be reaped
  echo "${20}"
}

# spawn NAME COMMAND...: a process (and process group) of its own, its output in $LOG/NAME.log
spawn() {
  local name=$1 pid
  shift
  setsid -- "$@" >>"$LOG/$name.log" 2>&1 </dev/null {LOCK}>&- &
  pid=$!
  echo "$pid $(started "$pid" || echo 0)" >"$RUN/pid/$name"
}

alive() { # NAME
  local pid start
  { read -r pid start <"$RUN/pid/$1"; } 2>/dev/null && [[ $(started "$pid") == "$start" ]]
}

pid_of() { local pid && read -r pid _ <"$RUN/pid/$1" && echo "$pid"; }

# stop NAME [SIGNAL]: ends the process group and waits until it is gone; harmless when it is not there
stop() {
  local name=$1 signal=${2:-TERM} pid tries=0
  if alive "$name"; then
    pid=$(pid_of "$name")
    kill "-$signal" -- "-$pid" 2>/dev/null || true
    while alive "$name"; do
      ((++tries < 100)) || kill -KILL -- "-$pid" 2>/dev/null || true
      ((tries < 300)) || die "process $pid ($name) does not end"
      sleep 0.05
    done
  fi
  rm -f "$RUN/pid/$name"
}

# wait_until SECONDS COMMAND...: fails when the command has not succeeded by then
wait_until() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.2
  done
}

# The folder is the lab's alone, and says so with the tag by which backup programs know a cache.
claim_home() {
  [[ $LAB_HOME == /* ]] || die "WORKR_LAB_HOME must be an absolute path, not '$LAB_HOME'"
  [[ ! -e $LAB_HOME/CACHEDIR.TAG ]] || return 0
  [[ -z $(ls -A "$LAB_HOME" 2>/dev/null) ]] || die "WORKR_LAB_HOME: $LAB_HOME is not empty and was not made by the lab"
  mkdir -p "$LAB_HOME"
  echo "Signature: 8a477f597d28d172789f06886806bc55" >"$LAB_HOME/CACHEDIR.TAG"
}

# locked: one changing command at a time; the lock goes with this process
locked() {
  claim_home
  mkdir -p "$LAB_HOME/run"
  exec {LOCK}>"$LAB_HOME/run/$LAB_NAME.lock"
  flock -w 5 "$LOCK" || die "another $PROGRAM command is at work on '$LAB_NAME'; wait for it"
}
