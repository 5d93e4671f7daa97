package org.workr.capability.container;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.render.Placeholders;
import org.workr.value.Host;
import org.workr.value.SshPublicKey;

/**
 * How the container of a host stands.
 *
 * @param installed whether the engine is installed
 * @param architecture in the words of Docker; empty when the engine does not answer
 * @param compose the command line of compose; empty when there is none
 * @param address whether the host has its declared address
 * @param images the images of the cluster that are there: the name of the build by the id
 * @param container what runs; empty when there is no container
 * @param active what systemd says of the unit
 * @param enabled whether it is started at boot
 * @param proven whether what the compose file says has run well
 * @param deploying whether an earlier deployment is under way
 * @param building the name of an image that is under way or made and not in the lock, and the
 *     digest of its recipe
 * @param sessions R processes in the container
 * @param rstudio how RStudio stands
 * @param sessionsByLabel those of them that workr's R files have started
 * @param others what has one of its ports: the port, and the program or other container
 * @param hostKeys that the container proves
 * @param files the content of files that are there, by their names in {@link #FILES}
 */
record ContainerState(
    boolean installed,
    Optional<String> architecture,
    Optional<String> compose,
    boolean address,
    Map<String, String> images,
    Optional<Running> container,
    String active,
    boolean enabled,
    boolean proven,
    boolean deploying,
    Optional<String> building,
    int sessions,
    RStudioState rstudio,
    Map<String, Reap.Session> sessionsByLabel,
    List<String> others,
    List<SshPublicKey> hostKeys,
    Map<String, String> files) {

  /**
   * A container.
   *
   * @param status such as {@code running}
   * @param health what its health check says, such as {@code starting}
   * @param image the id of its image
   * @param since when it was started, as Docker says it
   */
  record Running(String status, String health, String image, String since) {}

  static final String COMPOSE_FILE = "compose";
  static final String UNIT_FILE = "unit";
  static final String KEYS_FILE = "keys";
  static final String CERTIFICATE_FILE = "certificate";

  /** All files of RStudio, one behind the other. */
  static final String RSTUDIO_FILES = "rstudio";

  /** Files whose content is probed. */
  static final Set<String> FILES =
      Set.of(COMPOSE_FILE, UNIT_FILE, KEYS_FILE, CERTIFICATE_FILE, RSTUDIO_FILES);

  /** Counts the R processes among what {@code docker top} prints. */
  static final String COUNT = "awk '/\\/exec\\/R / { n++ } END { print n + 0 }'";

  private static final String PROBE =
      """
      content() { # NAME FILE
        [ ! -e "$2" ] || { echo "file $1"; sed "s/^/| /" "$2"; }
      }
      if ip -o -4 address show | grep -qF ' ADDRESS/'; then echo address; fi
      content compose COMPOSE_YAML
      content unit UNIT_FILE
      content keys KEYS/USER
      content certificate CERTIFICATE
      if cmp -s COMPOSE_YAML PROVEN; then echo proven; fi
      echo "active $(systemctl is-active UNIT_NAME 2>/dev/null)"
      if systemctl is-enabled --quiet UNIT_NAME 2>/dev/null; then echo enabled; fi
      if [ -e BUILD_NAME ] && { [ -e IMAGE_FOLDER/made ] || systemctl is-active --quiet BUILDING; }; then echo "building $(cat BUILD_NAME)"; fi
      case $(systemctl is-active DEPLOYMENT 2>/dev/null) in active|activating|deactivating) echo deploying ;; esac
      for key in HOST_KEYS/*.pub; do [ ! -e "$key" ] || echo "host-key $(cut -d' ' -f1,2 "$key")"; done
      for port in PORTS; do
        ss -Hltnp "sport = :$port" 2>/dev/null | while read -r state receive send local peer who; do
          case $local in "ADDRESS:$port"|"0.0.0.0:$port"|"*:$port"|"[::]:$port") ;; *) continue ;; esac
          who=${who#*'(("'}; who=${who%%'"'*}
          # Docker itself listens for its containers.
          case $who in docker-proxy|dockerd) ;; *) echo "other $port ${who:-a program without a name}" ;; esac
        done | sort -u
      done
      """
          + RStudioPaths.PROBE
          + """
      if docker compose version >/dev/null 2>&1; then echo "compose $(command -v docker) compose"
      elif command -v docker-compose >/dev/null; then echo "compose $(command -v docker-compose)"
      fi
      command -v dockerd >/dev/null || exit 0
      echo installed
      engine=$(docker version -f '{{.Server.Version}} {{.Server.Arch}}' 2>/dev/null) || exit 0
      echo "engine $engine"
      docker image ls -a --no-trunc -q --filter label=org.workr.cluster=CLUSTER | sort -u | while read -r id; do
        docker image inspect -f 'image {{.Id}} {{index .Config.Labels "org.workr.build"}}' "$id"
      done | grep -v ' $'
      docker inspect -f 'container {{.State.Status}} {{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}} {{.Image}} {{.State.StartedAt}}' CONTAINER 2>/dev/null | grep .
      for port in PORTS; do docker ps --filter publish=$port --format '{{.Names}}' | grep -vx CONTAINER | sed "s/^/other $port the container /"; done
      [ "$(docker inspect -f '{{.State.Running}}' CONTAINER 2>/dev/null)" = true ] || exit 0
      # What Docker cannot say is not taken for nothing.
      top=$(docker top CONTAINER -eo pid,ppid,args) || exit 1
      echo "sessions $(printf '%s\\n' "$top" | COUNT)"
      """
          + Reap.PROBE
          + RStudioPaths.PROBE_RUNNING
          + "exit 0";

  /** Copies the collections. */
  ContainerState {
    images = Map.copyOf(images);
    sessionsByLabel = Map.copyOf(sessionsByLabel);
    others = List.copyOf(others);
    hostKeys = List.copyOf(hostKeys);
    files = Map.copyOf(files);
  }

  static Fact<ContainerState> fact(ContainerSpec spec, Host host) {
    return Fact.of(
        "container.state",
        Placeholders.fill(
            PROBE,
            RStudioPaths.words(
                Map.ofEntries(
                    Map.entry("ADDRESS", host.address().ip().toString()),
                    Map.entry("COMPOSE_YAML", ContainerPaths.COMPOSE),
                    Map.entry("UNIT_FILE", ContainerPaths.UNIT_FILE),
                    Map.entry("USER", spec.user().value()),
                    Map.entry(
                        "CERTIFICATE",
                        spec.registry().map(ContainerPaths::certificate).orElse("/nonexistent")),
                    Map.entry("PROVEN", ContainerPaths.PROVEN),
                    Map.entry("BUILD_NAME", ContainerPaths.BUILD_NAME),
                    Map.entry("BUILDING", ContainerPaths.BUILDING),
                    Map.entry("IMAGE_FOLDER", Recipe.FOLDER),
                    Map.entry(
                        "PORTS",
                        Compose.ports(spec).stream().map(String::valueOf).collect(joining(" "))),
                    Map.entry(
                        "RSTUDIO_LISTENS", spec.rstudio().map(RStudio::listens).orElse("false")),
                    Map.entry("CLUSTER", host.cluster()),
                    Map.entry("COUNT", COUNT)))),
        ContainerState::parse);
  }

  /** Whether the host can have a container. */
  boolean fit() {
    return compose.isPresent() && architecture.isPresent() && address && others.isEmpty();
  }

  /** The content of a file; empty when it is not there. */
  String file(String name) {
    return Optional.ofNullable(files.get(name)).orElse("");
  }

  /** Whether it runs {@code image}. */
  boolean runs(String image) {
    return container
        .filter(c -> c.status().equals("running") && c.image().equals(image))
        .isPresent();
  }

  private static ContainerState parse(String text) {
    Reader reader = new Reader();
    text.lines().forEach(reader::line);
    return reader.state();
  }

  /** Reads line after line. */
  private static final class Reader {
    private final Map<String, String> words = new LinkedHashMap<>();
    private final Map<String, String> images = new LinkedHashMap<>();
    private final Map<String, List<String>> files = new LinkedHashMap<>();
    private final Map<String, Reap.Session> sessions = new LinkedHashMap<>();
    private final List<String> others = new ArrayList<>();
    private final List<SshPublicKey> keys = new ArrayList<>();
    private List<String> content = new ArrayList<>();

    void line(String line) {
      String[] parts = line.split(" ", 2);
      String rest = parts.length > 1 ? parts[1] : "";
      switch (parts[0]) {
        case "|" -> content.add(rest);
        case "file" -> {
          if (!FILES.contains(rest)) {
            throw new IllegalArgumentException("file '" + rest + "'");
          }
          content = new ArrayList<>();
          files.put(rest, content);
        }
        case "image" -> {
          String[] image = rest.split(" ", 2);
          images.put(image[0], image.length > 1 ? image[1] : "");
        }
        case "session" -> {
          String[] session = rest.split(" ", 3);
          sessions.put(
              session[0],
              new Reap.Session(Integer.parseInt(session[1]), Integer.parseInt(session[2])));
        }
        case "other" -> others.add(rest);
        case "host-key" -> keys.add(SshPublicKey.parse(rest));
        case "address",
            "proven",
            "enabled",
            "deploying",
            "building",
            "installed",
            "active",
            "compose",
            "engine",
            "container",
            "sessions",
            "rstudio-password",
            "rstudio-key",
            "rstudio-active",
            "rstudio-listens",
            "rstudio-sessions" ->
            words.put(parts[0], rest);
        default -> throw new IllegalArgumentException("'" + line + "'");
      }
    }

    ContainerState state() {
      Optional<String[]> engine = word("engine").map(value -> value.split(" ", 2));
      Map<String, String> texts = new LinkedHashMap<>();
      files.forEach(
          (name, lines) ->
              texts.put(name, lines.stream().map(line -> line + "\n").collect(joining())));
      return new ContainerState(
          words.containsKey("installed"),
          engine.filter(words -> words.length > 1).map(words -> words[1]),
          word("compose"),
          words.containsKey("address"),
          images,
          word("container").map(Reader::running),
          word("active").orElse(""),
          words.containsKey("enabled"),
          words.containsKey("proven"),
          words.containsKey("deploying"),
          word("building"),
          Integer.parseInt(word("sessions").orElse("0")),
          RStudioState.of(words),
          sessions,
          others,
          keys,
          texts);
    }

    private Optional<String> word(String name) {
      return Optional.ofNullable(words.get(name));
    }

    private static Running running(String text) {
      String[] parts = text.split(" ", 4);
      if (parts.length != 4) {
        throw new IllegalArgumentException("container '" + text + "'");
      }
      return new Running(parts[0], parts[1], parts[2], parts[3]);
    }
  }
}
