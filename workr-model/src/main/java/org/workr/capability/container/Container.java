package org.workr.capability.container;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.facts.Fact;
import org.workr.facts.Reading;
import org.workr.value.Host;
import org.workr.value.Role;

/**
 * The container in which R runs, on every worker: the image of the lock, an SSH server with host
 * keys of its own, under the care of systemd.
 */
public final class Container implements Capability<RContainer> {
  /** Not probed on the host: the engine adds the text of the controller's file. */
  public static final Fact<ContainerLock> LOCK =
      Fact.of("controller.container-lock", "false", ContainerLock::parse);

  private final Optional<Deployment> deployment;
  private final Optional<Reap> reap;

  private Container(Optional<Deployment> deployment, Optional<Reap> reap) {
    this.deployment = deployment;
    this.reap = reap;
  }

  /** Looks only: containers are deployed by a goal of their own. */
  public Container() {
    this(Optional.empty(), Optional.empty());
  }

  /** Deploys. */
  public Container(Deployment deployment) {
    this(Optional.of(deployment), Optional.empty());
  }

  /** Ends R processes. */
  public Container(Reap reap) {
    this(Optional.empty(), Optional.of(reap));
  }

  @Override
  public String name() {
    return "container";
  }

  @Override
  public Set<Fact<?>> facts(RContainer declared, Host host) {
    return host.roles().contains(Role.WORKER)
        ? Set.of(ContainerState.fact(declared.spec(), host), LOCK)
        : Set.of();
  }

  @Override
  public Findings plan(RContainer declared, Situation situation) {
    Findings.Builder out = situation.findings(name());
    Host host = situation.host();
    if (reap.isPresent() && host.roles().contains(Role.WORKER)) {
      situation
          .require(ContainerState.fact(declared.spec(), host), out)
          .ifPresent(state -> reap.get().plan(state, host, out));
    }
    if (deployment.isPresent() && host.roles().contains(Role.WORKER)) {
      Optional<ContainerState> state =
          situation.require(ContainerState.fact(declared.spec(), host), out);
      Optional<ContainerLock> lock = situation.require(LOCK, out);
      if (state.isPresent() && lock.isPresent() && fit(declared, state.get(), host, out)) {
        new HostContainer(declared, deployment.get(), state.get(), lock.get(), host, out).plan();
      }
    }
    return out.build();
  }

  /** Whether the host can have a container at all. */
  private static boolean fit(
      RContainer declared, ContainerState state, Host host, Findings.Builder out) {
    if (!state.installed()) {
      out.error("there is no Docker engine on it", "Run mvn workr:provision first.");
    } else if (state.architecture().isEmpty()) {
      out.error(
          "its Docker engine does not answer",
          "Look at it with: systemctl status docker; then run the goal again.");
    } else if (state.compose().isEmpty()) {
      out.error("there is no docker compose on it", "Run mvn workr:provision first.");
    }
    if (!state.address()) {
      out.error(
          "it has not its address " + host.address().ip() + ", at which its container would answer",
          "Run mvn workr:provision first.");
    }
    if (!state.others().isEmpty()) {
      out.error(
          "its port "
              + state.others().stream()
                  .map(other -> other.replaceFirst(" ", " is taken by "))
                  .collect(joining(", and its port ")),
          "Stop that, or give the container another <sshPort>, or RStudio another <port>.");
    }
    if (declared.keys().isEmpty()) {
      out.error(
          "no key is declared with which anybody could log in to the container",
          "Declare the analysts' keys in <authorizedKeys> under <container>.");
    }
    return state.fit() && !declared.keys().isEmpty();
  }

  @Override
  public List<StatusLine> status(RContainer declared, Situation situation) {
    Host host = situation.host();
    if (!(host.roles().contains(Role.WORKER)
        && situation.get(ContainerState.fact(declared.spec(), host))
            instanceof Reading.Known<ContainerState> known)) {
      return List.of();
    }
    ContainerState state = known.value();
    if (state.container().isEmpty()) {
      return List.of(StatusLine.bad("container", "there is none: mvn workr:deploy-container"));
    }
    ContainerState.Running runs = state.container().get();
    boolean bad = !runs.status().equals("running") || runs.health().equals("unhealthy");
    List<StatusLine> lines = new ArrayList<>();
    lines.add(
        new StatusLine(
            "container",
            runs.status()
                + (runs.health().equals("none") ? "" : ", " + runs.health())
                + ", since "
                + runs.since().replaceFirst("\\.\\d+Z$", "Z")
                + outdated(situation, state, runs),
            bad));
    lines.add(processes(state));
    declared
        .spec()
        .rstudio()
        .map(page -> rstudio(page, state.rstudio(), host))
        .ifPresent(lines::add);
    return lines;
  }

  private static StatusLine rstudio(RStudioSpec page, RStudioState state, Host host) {
    if (!state.active().equals("active") || !state.listens()) {
      return StatusLine.bad("RStudio", "it does not answer: mvn workr:deploy-container");
    }
    String where =
        page.address() == RStudioAddress.LOOPBACK
            ? "through SSH, port " + page.port()
            : (page.tls() ? "https://" : "http://") + host.address().ip() + ":" + page.port();
    return new StatusLine("RStudio", where + ", " + state.sessions() + " sessions", false);
  }

  private static StatusLine processes(ContainerState state) {
    List<String> parts = new ArrayList<>();
    parts.add(String.valueOf(state.sessions()));
    new TreeMap<>(state.sessionsByLabel())
        .forEach(
            (label, session) ->
                parts.add(
                    session.processes()
                        + " of "
                        + label
                        + (session.orphans() == 0
                            ? ""
                            : ", " + session.orphans() + " of which nobody watches over")));
    boolean orphans =
        state.sessionsByLabel().values().stream().anyMatch(session -> session.orphans() > 0);
    return new StatusLine(
        "R processes",
        String.join("; ", parts) + (orphans ? ": mvn workr:reap ends those" : ""),
        orphans);
  }

  private static String outdated(
      Situation situation, ContainerState state, ContainerState.Running runs) {
    boolean another =
        situation.get(LOCK) instanceof Reading.Known<ContainerLock> lock
            && state
                .architecture()
                .flatMap(lock.value()::image)
                .filter(image -> !image.id().equals(runs.image()))
                .isPresent();
    return another ? ", another image than the lock's" : "";
  }
}
