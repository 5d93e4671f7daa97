# shellcheck shell=bash disable=SC2034
# For the stages that run Maven: sourced, not run.

# The machine's own Maven, or the wrapper.
mvn=${MVN:-$(command -v mvn || echo "$PWD/mvnw")}

# Sums Surefire's line of each module: "PASSED FAILED SKIPPED".
surefire_counts() {
  awk -F'[:,]' '/Tests run: [0-9]+, Failures: [0-9]+, Errors: [0-9]+, Skipped: [0-9]+$/ {
      run += $2; bad += $4 + $6; skip += $8 }
    END { print run - bad - skip, bad + 0, skip + 0 }' "$1"
}

# copy_to FOLDER: the sources as a clone has them, for what builds beside another stage.
copy_to() {
  rm -rf "$1" && mkdir -p "$1" && tar -cf - --exclude=./.git --exclude=target . | tar -xf - -C "$1"
}

# Prints the home of a JDK 25: $WORKR_IT_JAVA_HOME, or one where distributions put them.
jdk25() {
  local home
  for home in "${WORKR_IT_JAVA_HOME-}" /usr/lib/jvm/*25*; do
    if [ -x "$home/bin/javac" ] && "$home/bin/javac" -version 2>&1 | grep -q '^javac 25'; then
      printf '%s\n' "$home"
      return 0
    fi
  done
  return 1
}
