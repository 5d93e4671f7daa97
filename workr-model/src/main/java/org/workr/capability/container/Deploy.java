package org.workr.capability.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.workr.plan.Step;
import org.workr.render.Placeholders;
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
      WantedBy=multi-user.target docker.service
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

  private static final String NOT_YET = "rm -f /run/workr/drain";

  /**
   * Only fewer processes than ever are progress: others may begin meanwhile. What Docker cannot say
   * is not taken for none.
   */
  private static final String SESSIONS =
      """
      if [ "$(docker inspect -f '{{.State.Running}}' CONTAINER 2>&1)" != true ]; then
        if docker version >/dev/null 2>&1; then echo done; else echo 'running Docker does not answer'; fi
        exit 0
      fi
      top=$(docker top CONTAINER -eo pid,args) || { echo 'running Docker does not answer'; exit 0; }
      n=$(printf '%s\n' "$top" | COUNT)
      low=$(cat /run/workr/drain 2>/dev/null || echo 1000000)
      if [ "$n" -lt "$low" ]; then low=$n; echo "$n" >/run/workr/drain; fi
      if [ "$n" -eq 0 ]; then echo done; else echo "running R processes are at work, $low at least"; fi""";

  private Deploy() {}

  /** The systemd unit. */
  static String unit(Host host, String command) {
    return Placeholders.fill(
        UNIT,
        ContainerPaths.and(
            Map.of("CLUSTER", host.cluster(), "COMPOSE", command, "FILE", ContainerPaths.COMPOSE)));
  }

  /** Waits until an earlier one has come to its end. */
  static List<Step> await() {
    return List.of(
        new Step.Await(
            "an earlier deployment",
            Placeholders.fill(UNDER_WAY, ContainerPaths.WORDS),
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
    steps.add(Step.shell(Trial.folders()));
    steps.add(Step.file(ContainerPaths.NEXT, compose.file(), "0600"));
    steps.add(Step.file(ContainerPaths.TRIAL, compose.trial(), "0600"));
    steps.add(Step.file(ContainerPaths.UNIT_FILE, unit(compose.host(), command), "0644"));
    steps.add(
        Step.file(ContainerPaths.SCRIPT, DeployScript.text(compose, command, lock, id), "0700"));
    if (!drain.isZero()) {
      steps.add(Step.shell(NOT_YET));
      steps.add(
          new Step.Await(
              "the R processes of the container",
              Placeholders.fill(
                  SESSIONS, ContainerPaths.and(Map.of("COUNT", ContainerState.COUNT))),
              LOOK,
              drain));
    }
    steps.add(Step.shell(Placeholders.fill(DETACHED, ContainerPaths.WORDS)));
    return steps;
  }
}
