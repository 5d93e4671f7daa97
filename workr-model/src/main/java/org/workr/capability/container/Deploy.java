package org.workr.capability.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.workr.plan.Step;
import org.workr.render.Shell;
import org.workr.value.Host;

/**
 * Puts another container in the place of the one that runs. It is tried first, beside that one;
 * when it does not serve in its place either, the one before is put back.
 */
final class Deploy {
  private static final Duration LOOK = Duration.ofSeconds(5);

  private static final String UNIT =
      """
      # Written by mvn workr:deploy-container; do not change it, but run that again.
      [Unit]
      Description=R container of the cluster CLUSTER
      Requires=docker.service
      After=docker.service network-online.target
      Wants=network-online.target

      [Service]
      WorkingDirectory=FOLDER
      ExecStartPre=-COMPOSE -p workr -f FILE down --volumes
      ExecStart=COMPOSE -p workr -f FILE up --no-color
      ExecStop=COMPOSE -p workr -f FILE down --volumes
      TimeoutStopSec=60
      Restart=always
      RestartSec=5

      [Install]
      WantedBy=multi-user.target
      """;

  private static final String SCRIPT =
      """
      #!/bin/sh
      # Written by workr: puts FOLDER/next.yaml in the place of compose.yaml, when it serves.
      umask 077
      cd FOLDER || exit 1
      FUNCTIONS
      refuse() { echo "$1"; exit 1; }
      # Its own host key, at the declared address: no other program has the port.
      served() {
        n=0
        while [ "$n" -lt 20 ]; do
          n=$((n + 1))
          shown=$(ssh-keyscan -T 5 -p PORT -t ed25519 ADDRESS 2>/dev/null | cut -d' ' -f2,3)
          [ "$shown" != "$(cut -d' ' -f1,2 HOST_KEY.pub)" ] || return 0
          sleep 1
        done
        why='its SSH server does not answer at ADDRESS port PORT'
        return 1
      }
      up() { # VERSION RSCRIPT
        systemctl daemon-reload && systemctl enable --quiet UNIT_NAME && systemctl restart UNIT_NAME || { why='its unit does not start'; return 1; }
        healthy CONTAINER "$1" "$2" && served
      }
      docker tag DIGEST IMAGE 2>/dev/null || refuse 'the image is not on the host'
      trial VERSION RSCRIPT || refuse "the new container does not serve, so nothing was changed: $why"
      before=$(docker inspect -f '{{.Image}}' CONTAINER 2>/dev/null)
      [ ! -e compose.yaml ] || systemctl stop UNIT_NAME
      mv next.yaml compose.yaml
      sync compose.yaml .
      if up VERSION RSCRIPT && [ "$(docker inspect -f '{{.Image}}' CONTAINER)" = DIGEST ]; then
        cp compose.yaml proven.new && sync proven.new && mv proven.new proven.yaml && sync .
        # This one, and the one before for whoever wants to go back.
        docker image ls --no-trunc -q --filter label=org.workr.cluster=CLUSTER | sort -u | while read -r old; do
          [ "$old" = DIGEST ] || [ "$old" = "$before" ] || docker image rm -f "$old" >/dev/null 2>&1
        done
        exit 0
      fi
      broken=$why
      docker logs --tail 15 CONTAINER 2>&1
      journalctl -q -u UNIT_NAME -n 5 --no-pager -o cat 2>/dev/null
      if [ ! -e proven.yaml ]; then
        systemctl disable --now --quiet UNIT_NAME
        rm -f compose.yaml
        refuse "the container does not serve, and there was none before: $broken"
      fi
      cp proven.yaml compose.yaml
      if up - RSCRIPT; then refuse "the new container does not serve, and the one before is back: $broken"; fi
      refuse "the new container does not serve ($broken), nor does the one before: $why"
      """;

  /** A lost connection does not end it, and what it said is there for the next look. */
  private static final String DETACHED =
      """
      rm -f SCRIPT.log
      code=0
      systemd-run --quiet --collect --wait --unit=DEPLOYMENT --property=Type=oneshot --property=TimeoutStartSec=20min sh -c 'exec sh SCRIPT >SCRIPT.log 2>&1' || code=$?
      cat SCRIPT.log
      exit $code
      """;

  private static final String UNDER_WAY =
      """
      case $(systemctl is-active DEPLOYMENT) in
        active|activating|deactivating) echo 'running it is tried' ;;
        *) echo done ;;
      esac""";

  private static final String SESSIONS =
      """
      n=$(docker top CONTAINER -eo pid,args 2>/dev/null | grep -c '/exec/R ')
      if [ "$n" -eq 0 ]; then echo done; else echo "running $n R processes are at work"; fi""";

  private Deploy() {}

  /** The systemd unit. */
  static String unit(Host host, String command) {
    return UNIT.replace("CLUSTER", host.cluster())
        .replace("FOLDER", ContainerPaths.FOLDER)
        .replace(
            "COMPOSE",
            command.equals("docker-compose") ? "/usr/bin/docker-compose" : "/usr/bin/" + command)
        .replace("FILE", ContainerPaths.COMPOSE);
  }

  /** Waits until an earlier one has come to its end. */
  static List<Step> await() {
    return List.of(
        new Step.Await(
            "an earlier deployment",
            UNDER_WAY.replace("DEPLOYMENT", ContainerPaths.DEPLOYMENT),
            LOOK,
            Duration.ofMinutes(20)));
  }

  /**
   * The steps.
   *
   * @param command the command line of compose
   * @param lock with the image and what is known of it
   * @param drain how long to wait for R processes when none of them ends; zero for not at all
   */
  static List<Step> steps(
      Compose compose, String command, ContainerLock lock, String id, Duration drain) {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.file(ContainerPaths.NEXT, compose.file(), "0600"));
    steps.add(Step.file(ContainerPaths.TRIAL, compose.trial(), "0600"));
    steps.add(Step.file(ContainerPaths.UNIT_FILE, unit(compose.host(), command), "0644"));
    steps.add(
        new Step.WriteFile(
            ContainerPaths.SCRIPT, script(compose, command, lock, id), "0700", "root:root"));
    if (!drain.isZero()) {
      steps.add(
          new Step.Await(
              "the R processes of the container",
              SESSIONS.replace("CONTAINER", ContainerPaths.CONTAINER),
              LOOK,
              drain));
    }
    steps.add(
        Step.shell(
            DETACHED
                .replace("SCRIPT", ContainerPaths.SCRIPT)
                .replace("DEPLOYMENT", ContainerPaths.DEPLOYMENT)));
    return steps;
  }

  private static String script(Compose compose, String command, ContainerLock lock, String id) {
    return SCRIPT
        .replace("FUNCTIONS\n", Trial.functions(compose, command))
        .replace("FOLDER", ContainerPaths.FOLDER)
        .replace("PORT", String.valueOf(compose.spec().sshPort()))
        .replace("ADDRESS", compose.host().address().ip().toString())
        .replace("HOST_KEY", ContainerPaths.HOST_KEY)
        .replace("UNIT_NAME", ContainerPaths.UNIT)
        .replace("CONTAINER", ContainerPaths.CONTAINER)
        .replace("CLUSTER", compose.host().cluster())
        .replace("IMAGE", compose.image())
        .replace("VERSION", lock.rVersion().map(Shell::quote).orElse("-"))
        .replace("RSCRIPT", Shell.quote(lock.rscript()))
        .replace("DIGEST", id);
  }
}
