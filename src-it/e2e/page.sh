# shellcheck shell=bash
# For the scripts that do what docs/recovery.md says, as it stands there, at a terminal: sourced after checks.sh, not run. "page_for"
# puts the names of the script's own cluster in; "at_terminal" is how a script that is in the folder is run there.

at_terminal=${at_terminal-bash -e}

step() { # NAME: the commands of the page, for this cluster, in "step-NAME"
  awk -v mark="<!-- step: $1 -->" '$0 == mark {on = 1; next} on && /^```$/ {exit} on && !/^```/' "$root/docs/recovery.md" |
    page_for >"step-$1"
  [ -s "step-$1" ]
}
typed() { # STEP ANSWER...: does it at a terminal, and types the content of a file whenever it asks; what it shows is in "screen"
  local step=step-$1 asks='Import Password:|decryption password:|Enter passphrase for|capital letters' asked=0 code pid
  shift
  rm -f screen keys
  mkfifo keys || return 1
  script -qfec "$at_terminal $step" screen <keys >/dev/null &
  pid=$!
  exec 8>keys
  for answer; do
    asked=$((asked + 1))
    for _ in {1..600}; do
      [ "$(tr '\r' '\n' <screen 2>/dev/null | grep -aEc "$asks")" -lt "$asked" ] || break
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
    sleep 0.3 # what is typed before the echo is off is thrown away
    cat "$answer" >&8 && echo >&8
  done
  wait "$pid"
  code=$?
  exec 8>&-
  cat screen
  return "$code"
}
shows() { tr '\r' '\n' <screen | grep -aqF -- "$1"; }
