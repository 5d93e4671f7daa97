# shellcheck shell=bash
# For the scripts that check what workr did: sourced, not run. Each ends with "finish".

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")") root=${here%/src-it/e2e}
work=$(mktemp -d)
passed=0 failed=0
"$root/src-it/need" jq=jq || exit 1 # reads reports

check() { # WHAT COMMAND...: what it prints is shown when it fails
  local what=$1 start=$SECONDS
  shift
  if "$@" >"$work/output" 2>&1 </dev/null; then
    passed=$((passed + 1))
    echo "ok      $what ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED  $what ($((SECONDS - start)) s)"
    tail -n 40 "$work/output" | sed 's/^/        /'
  fi
}

# Prints the counts; fails when a check has.
finish() {
  echo "$passed passed, $failed failed, 0 skipped"
  [ "$failed" -eq 0 ]
}
