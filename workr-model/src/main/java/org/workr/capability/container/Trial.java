package org.workr.capability.container;

import java.util.Map;
import org.workr.render.Placeholders;
import org.workr.render.Shell;

/**
 * Shell functions that make a container from an image and look whether it serves, beside the one
 * that runs. An image is only let in its place when that went well, so no job is lost to a bad one.
 */
final class Trial {
  /** How often, once a second or slower, a container that starts is looked at. */
  private static final int LOOKS = 60;

  /** A key is either there or not, whatever cuts this off; its public part can be made again. */
  private static final String FOLDERS =
      """
      install -d -m 0700 FOLDER HOST_KEYS
      install -d -m 0755 KEYS
      if [ ! -s HOST_KEY ]; then
        rm -f HOST_KEYS/new HOST_KEYS/new.pub
        ssh-keygen -q -t ed25519 -N '' -C container -f HOST_KEYS/new
        sync HOST_KEYS/new
        mv HOST_KEYS/new HOST_KEY
      fi
      rm -f HOST_KEYS/new HOST_KEYS/new.pub
      ssh-keygen -y -f HOST_KEY >HOST_KEY.pub
      sync HOST_KEY HOST_KEY.pub FOLDER HOST_KEYS
      """;

  private static final String FUNCTIONS =
      """
      why=
      # NAME VERSION RSCRIPT: whether the container serves; $why says why not. A minus for the version: any will do.
      healthy() {
        n=0
        while [ "$n" -lt LOOKS ]; do
          n=$((n + 1))
          state=$(docker inspect -f '{{.State.Status}}' "$1" 2>/dev/null)
          case $state in
            running) ;;
            exited|dead) why='it ended by itself'; return 1 ;;
            *) why="it does not start"; sleep 1; continue ;;
          esac
          if ! docker exec "$1" sh -c LISTENS </dev/null >/dev/null 2>&1; then why='no SSH server listens in it'; sleep 1; continue; fi
          said=$(timeout 120 docker exec -u USER "$1" "$3" --vanilla -e CHECK </dev/null 2>&1)
          # Packages may say more when they are loaded.
          found=$(printf '%s\\n' "$said" | sed -n 's/^workr: //p' | tail -n 1)
          case $found in
            "$2") return 0 ;;
            *' '*) why="it has not the R packages ${found#* }"; return 1 ;;
            [0-9]*.[0-9]*.[0-9]*) if [ "$2" = - ]; then return 0; fi; why="its R is $found and not $2"; return 1 ;;
            *) why="its R does not run: $(printf '%s' "$said" | tr -s '\\r\\n' ' ' | cut -c1-300)"; return 1 ;;
          esac
        done
        return 1
      }
      # VERSION RSCRIPT: whether what TRIAL_FILE says serves; its log is printed when it does not.
      trial() {
        COMPOSE -p workr-trial -f TRIAL_FILE down --volumes >/dev/null 2>&1
        if ! said=$(COMPOSE -p workr-trial -f TRIAL_FILE up -d 2>&1 </dev/null); then
          printf '%s\\n' "$said" | tail -n 5
          why='it could not be started'
          code=1
        elif healthy TRIED "$1" "$2"; then code=0
        else
          docker logs --tail 15 TRIED 2>&1
          code=1
        fi
        COMPOSE -p workr-trial -f TRIAL_FILE down --volumes >/dev/null 2>&1
        return $code
      }
      """;

  private Trial() {}

  /** Shell that makes what every container needs, where it is not there; for {@code set -e}. */
  static String folders() {
    return Placeholders.fill(FOLDERS, ContainerPaths.WORDS);
  }

  /**
   * The functions.
   *
   * @param compose what is to run
   * @param command the command line of compose on the host
   */
  static String functions(Compose compose, String command) {
    return Placeholders.fill(
        FUNCTIONS,
        Map.of(
            "LOOKS", String.valueOf(LOOKS),
            "LISTENS", Shell.quote(compose.listens()),
            "USER", Shell.quote(compose.spec().user().value()),
            "CHECK", Shell.quote(new Recipe(compose.spec()).check()),
            "TRIAL_FILE", ContainerPaths.TRIAL,
            "TRIED", ContainerPaths.TRIED,
            "COMPOSE", command));
  }
}
