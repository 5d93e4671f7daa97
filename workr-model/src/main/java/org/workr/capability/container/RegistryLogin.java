package org.workr.capability.container;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.plan.Step;
import org.workr.render.Placeholders;
import org.workr.render.Yaml;
import org.workr.value.Host;
import org.workr.value.SecretName;

/**
 * How a script gets Docker to log in to the registry: by a credential helper that reads the
 * password from a pipe, so that it is in no file and no argument, as {@code docker login} would
 * leave it.
 */
final class RegistryLogin {
  /** On a disk: what is in /run must not be executed everywhere. Nothing secret is in the files. */
  private static final String BEGIN =
      """
      IFS= read -r password
      DOCKER_CONFIG=$(mktemp -d /var/lib/workr/docker-XXXXXX)
      export DOCKER_CONFIG
      mkfifo -m 0600 "$DOCKER_CONFIG/password"
      printf '{"credHelpers":{SERVERS}}' >"$DOCKER_CONFIG/config.json"
      cat >"$DOCKER_CONFIG/docker-credential-workr" <<'HELPER'
      #!/bin/sh
      [ "$1" = get ] || exit 0
      read -r server
      # What is written for the one who asked before may end just now, and then there is nothing to read.
      n=0 password=
      while [ -z "$password" ] && [ "$n" -lt 100 ]; do
        n=$((n + 1))
        IFS= read -r password <"${0%/*}/password"
      done
      printf '{"ServerURL":"%s","Username":"NAME","Secret":"%s"}\\n' "$server" "$password"
      HELPER
      chmod 0700 "$DOCKER_CONFIG/docker-credential-workr"
      PATH=$DOCKER_CONFIG:$PATH
      escaped=$(printf '%s' "$password" | sed 's/[\\\\"]/\\\\&/g')
      ( set +e; trap '' PIPE; while [ -p "$DOCKER_CONFIG/password" ]; do printf '%s\\n' "$escaped" >"$DOCKER_CONFIG/password"; done ) 2>/dev/null &
      writer=$!
      trap 'kill "$writer" 2>/dev/null || :; rm -rf "$DOCKER_CONFIG"' EXIT
      password= escaped=
      """;

  private static final Set<String> HUB = Set.of("docker.io", "index.docker.io");

  private RegistryLogin() {}

  /** A step that runs {@code script} with the login, if there is one. */
  static Step with(Optional<RegistrySpec> registry, Host host, String script) {
    return registry
        .flatMap(
            there ->
                there
                    .user()
                    .map(
                        user ->
                            Step.shell(
                                Placeholders.fill(
                                        BEGIN,
                                        Map.of("SERVERS", helpers(there), "NAME", user.value()))
                                    + script,
                                SecretName.ofCluster(host.cluster(), RegistrySpec.SECRET))))
        .orElseGet(() -> Step.shell(script));
  }

  /** Docker Hub has another name where logins are looked up. */
  private static String helpers(RegistrySpec registry) {
    String server = registry.server().value();
    return Yaml.string(HUB.contains(server) ? "https://index.docker.io/v1/" : server)
        + ":\"workr\"";
  }
}
