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

# A repository with the plugin and all that it needs, as the hosts' networks have no way out. A stage that needs the stage
# "build" has it already.
mvn=${MVN:-$(command -v mvn || echo "$root/mvnw")} repository=$root/src-it/target/repository
build_plugin() {
  [ -z "${WORKR_E2E_BUILT-}" ] || return 0
  "$mvn" -B -ntp -q -f "$root/pom.xml" -Pit -Dworkr.it.skip=true -Dmaven.test.skip -Dspotless.check.skip verify
}

# Prints the counts; fails when a check has.
finish() {
  echo "$passed passed, $failed failed, 0 skipped"
  [ "$failed" -eq 0 ]
}
