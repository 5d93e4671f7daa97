package org.workr.capability.container;

import java.util.Map;
import org.workr.render.Placeholders;
import org.workr.render.Shell;

/**
 * The script that puts another container in the place of the one that runs, or that one back. What
 * it does survives a lost connection; what a power cut leaves shows in files: what runs has served
 * when it is the same as {@code proven.yaml}.
 */
final class DeployScript {
  private static final String SCRIPT =
      """
      #!/bin/sh
      # Written by workr: puts FOLDER/next.yaml in the place of compose.yaml, when it serves.
      umask 077
      cd FOLDER || exit 1
      FUNCTIONS
      refuse() { echo "$1"; exit 1; }
      # PORT: its own host key, at the declared address, so no other program has the port. Newer ones of ssh-keyscan print remarks, too.
      served() {
        n=0
        while [ "$n" -lt 20 ]; do
          n=$((n + 1))
          shown=$(ssh-keyscan -T 5 -p "$1" -t ed25519 ADDRESS 2>/dev/null | grep -v '^#' | cut -d' ' -f2,3)
          [ "$shown" != "$(cut -d' ' -f1,2 HOST_KEY.pub)" ] || return 0
          sleep 1
        done
        why="its SSH server does not answer at ADDRESS port $1"
        return 1
      }
      restart() {
        systemctl daemon-reload && systemctl enable --quiet UNIT_NAME && systemctl restart UNIT_NAME || { why='its unit does not start'; return 1; }
      }
      placed() { # FROM TO: a whole file, whatever happens
        cp "$1" "$2.new" && sync "$2.new" && mv "$2.new" "$2" && sync .
      }
      docker tag DIGEST IMAGE 2>/dev/null || refuse 'the image is not on the host'
      trial VERSION RSCRIPT || refuse "the new container does not serve, so nothing was changed: $why"
      before=$(docker inspect -f '{{.Image}}' CONTAINER 2>/dev/null)
      [ ! -e compose.yaml ] || systemctl stop UNIT_NAME
      placed next.yaml compose.yaml || refuse 'the compose file could not be written'
      if restart && healthy CONTAINER VERSION RSCRIPT && served PORT && [ "$(docker inspect -f '{{.Image}}' CONTAINER)" = DIGEST ]; then
        placed compose.yaml proven.yaml || refuse 'it serves, and could not be noted as proven'
        # This one stays, and the one before for whoever wants to go back.
        if [ -n "$before" ] && [ "$before" != DIGEST ]; then
          docker image ls -a --no-trunc -q --filter label=org.workr.cluster=CLUSTER | sort -u | while read -r old; do
            [ "$old" = DIGEST ] || [ "$old" = "$before" ] || docker image rm -f "$old" >/dev/null 2>&1
          done
        fi
        exit 0
      fi
      broken=$why
      docker logs --tail 15 CONTAINER 2>&1
      journalctl -q -u UNIT_NAME -n 30 --no-pager -o cat 2>/dev/null
      if [ ! -e proven.yaml ]; then
        systemctl disable --now --quiet UNIT_NAME
        rm -f compose.yaml
        refuse "the container does not serve, and there was none before: $broken"
      fi
      # It has served, by its own rules: its packages or its port may be others.
      placed proven.yaml compose.yaml || refuse "the new container does not serve ($broken), and the one before could not be put back"
      if restart && served "$(sed -n 's/^ *ports: \\["[0-9.]*:\\([0-9]*\\):.*/\\1/p' compose.yaml)"; then
        refuse "the new container does not serve, and the one before is back: $broken"
      fi
      refuse "the new container does not serve ($broken), nor does the one before: $why"
      """;

  private DeployScript() {}

  /**
   * The script.
   *
   * @param command the command line of compose
   * @param lock what is known of the image
   * @param id of the image
   */
  static String text(Compose compose, String command, ContainerLock lock, String id) {
    return Placeholders.fill(
        SCRIPT,
        ContainerPaths.and(
            Map.of(
                "FUNCTIONS\n", Trial.functions(compose, command),
                "ADDRESS", compose.host().address().ip().toString(),
                "PORT", String.valueOf(compose.spec().sshPort()),
                "CLUSTER", compose.host().cluster(),
                "IMAGE", compose.image(),
                "VERSION", lock.rVersion().map(Shell::quote).orElse("-"),
                "RSCRIPT", Shell.quote(lock.rscript()),
                "DIGEST", id)));
  }
}
