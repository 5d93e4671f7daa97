package org.workr.capability.container;

import static java.util.stream.Collectors.joining;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.SshPublicKey;

/** What has to change on one worker for its container to be as declared and locked. */
final class HostContainer {
  private final RContainer declared;
  private final ContainerSpec spec;
  private final Deployment deployment;
  private final ContainerState state;
  private final ContainerLock lock;
  private final Host host;
  private final Findings.Builder out;
  private final String architecture;
  private final String command;

  HostContainer(
      RContainer declared,
      Deployment deployment,
      ContainerState state,
      ContainerLock lock,
      Host host,
      Findings.Builder out) {
    this.declared = declared;
    this.spec = declared.spec();
    this.deployment = deployment;
    this.state = state;
    this.lock = lock;
    this.host = host;
    this.out = out;
    architecture = state.architecture().orElseThrow();
    command = state.compose().orElseThrow();
  }

  void plan() {
    if (state.deploying()) {
      out.change(
          Stage.SYSTEM,
          Action.RESUME,
          "deployment",
          "an earlier one is under way",
          "ended",
          Deploy.await().toArray(Step[]::new));
      return;
    }
    if (deployment.builders().contains(host.hostname())) {
      certificate();
      build(deployment.build().orElseThrow());
    } else if (deployment.build().isEmpty()) {
      locked().ifPresent(this::deploy);
    }
  }

  /** The image that the lock has for the host; a problem when it has none that fits the pom. */
  private Optional<ContainerLock.Image> locked() {
    Map<String, String> wanted = new Recipe(spec).declared();
    if (!lock.made().isEmpty() && !lock.made().equals(wanted)) {
      String differs =
          Recipe.WORDS.stream()
              .filter(word -> !Objects.equals(wanted.get(word), lock.made().get(word)))
              .map(
                  word ->
                      word
                          + " "
                          + wanted.getOrDefault(word, "-")
                          + " in place of "
                          + lock.made().getOrDefault(word, "-"))
              .collect(joining(", "));
      out.error(
          "the pom declares another image than the lock has: " + differs,
          "Run mvn workr:deploy-container -Dworkr.updateLock=true to make it, or take the pom back.");
      return Optional.empty();
    }
    Optional<ContainerLock.Image> image = lock.image(architecture);
    if (image.isEmpty()) {
      out.error(
          "the lock has no image for " + architecture,
          "Run mvn workr:deploy-container for all workers; one of them makes it.");
    }
    return image;
  }

  private void build(String name) {
    boolean made =
        lock.image(architecture)
            .filter(image -> name.equals(state.images().get(image.id())))
            .isPresent();
    if (made) {
      return;
    }
    String base = Deployment.base(spec, Optional.of(lock), deployment.freshly());
    boolean begun = state.building().equals(Optional.of(new Recipe(spec).begun(name, base)));
    out.change(
        Stage.SYSTEM,
        begun ? Action.RESUME : Action.CREATE,
        "image",
        begun ? "an earlier run has begun it" : "",
        name + ", made here from " + base,
        new ImageBuild(declared, host, architecture, name)
            .steps(base, command, deployment.freshly())
            .toArray(Step[]::new));
  }

  private void deploy(ContainerLock.Image image) {
    certificate();
    if (!state.images().containsKey(image.id())) {
      ImageFetch fetch =
          new ImageFetch(
              spec, host, image, Optional.ofNullable(deployment.sources().get(host.hostname())));
      if (fetch.from().isEmpty()) {
        out.error(
            "the image of the lock, " + image.id() + ", is on no host that was looked at",
            "Switch on one that has it, or leave out workr.limit. When it is lost: mvn"
                + " workr:deploy-container -Dworkr.updateLock=true makes another one.");
        return;
      }
      out.change(
          Stage.SYSTEM,
          Action.CREATE,
          "image",
          "",
          image.id() + " from " + fetch.from().get(),
          fetch.steps().toArray(Step[]::new));
    }
    keys();
    hostKey();
    String name = ContainerPaths.imageById(host.cluster(), image.id());
    Optional<RStudioPlan> rstudio =
        spec.rstudio()
            .map(
                page ->
                    new RStudioPlan(
                        new RStudio(declared, host, name, command), image.id(), state, out));
    rstudio.ifPresent(RStudioPlan::prepare);
    boolean restarted = service(image);
    rstudio.ifPresentOrElse(page -> page.serve(restarted), () -> RStudioPlan.remove(state, out));
  }

  private void certificate() {
    spec.registry()
        .flatMap(registry -> registry.certificate().map(pem -> Map.entry(registry, pem.pem())))
        .filter(wanted -> !wanted.getValue().equals(state.file(ContainerState.CERTIFICATE_FILE)))
        .ifPresent(
            wanted ->
                out.change(
                    Stage.SYSTEM,
                    state.file(ContainerState.CERTIFICATE_FILE).isEmpty()
                        ? Action.CREATE
                        : Action.UPDATE,
                    "certificate",
                    "",
                    "of the registry " + wanted.getKey().server(),
                    Step.file(
                        ContainerPaths.certificate(wanted.getKey()), wanted.getValue(), "0644")));
  }

  private void keys() {
    String wanted = declared.keys().stream().map(key -> key.line() + "\n").collect(joining());
    String present = state.file(ContainerState.KEYS_FILE);
    if (!present.equals(wanted)) {
      out.change(
          Stage.SYSTEM,
          present.isEmpty() ? Action.CREATE : Action.UPDATE,
          "authorized-keys",
          present,
          wanted,
          Step.file(ContainerPaths.KEYS + "/" + spec.user(), wanted, "0644"));
    }
  }

  /** By what they are: comments differ. */
  private static List<String> blobs(List<SshPublicKey> keys) {
    return keys.stream().map(key -> key.type() + " " + key.blob()).toList();
  }

  private void hostKey() {
    List<SshPublicKey> known = lock.hostKeys(host.hostname());
    if (!state.hostKeys().isEmpty() && blobs(known).equals(blobs(state.hostKeys()))) {
      return;
    }
    Optional<Map.Entry<Hostname, List<SshPublicKey>>> twin =
        lock.hostKeys().entrySet().stream()
            .filter(other -> !other.getKey().equals(host.hostname()))
            .filter(
                other -> !Collections.disjoint(blobs(other.getValue()), blobs(state.hostKeys())))
            .findFirst();
    if (twin.isPresent()) {
      out.error(
          "its container has the host key of that of " + twin.get().getKey(),
          "One is a clone of the other. On the clone: rm -r "
              + ContainerPaths.HOST_KEYS
              + "; then run the goal again.");
      return;
    }
    out.change(
        Stage.SYSTEM,
        known.isEmpty() ? Action.CREATE : Action.UPDATE,
        "host-key",
        fingerprints(known),
        state.hostKeys().isEmpty()
            ? "made on the host, and kept in the lock"
            : fingerprints(state.hostKeys()),
        Step.shell(Trial.folders()),
        new Step.KeepInLock(
            "the container's host key",
            "echo \"host-key "
                + host.hostname()
                + " $(cut -d' ' -f1,2 "
                + ContainerPaths.HOST_KEY
                + ".pub)\""));
  }

  private static String fingerprints(List<SshPublicKey> keys) {
    return keys.stream().map(key -> key.fingerprint().toString()).collect(joining(", "));
  }

  /** Whether it is restarted. */
  private boolean service(ContainerLock.Image image) {
    Compose compose =
        new Compose(declared, host, ContainerPaths.imageById(host.cluster(), image.id()));
    boolean same = state.file(ContainerState.COMPOSE_FILE).equals(compose.file());
    boolean ill = state.container().filter(runs -> runs.health().equals("unhealthy")).isPresent();
    // A machine that is busy may be slow to answer, and that is no reason to end what it does.
    boolean unhealthy = ill && state.sessions() == 0;
    boolean unit =
        state.file(ContainerState.UNIT_FILE).equals(Deploy.unit(host, command))
            && state.active().equals("active")
            && state.enabled();
    if (same && state.proven() && unit && state.runs(image.id()) && !unhealthy) {
      if (ill) {
        out.warning(
            "its container does not answer its health check, and has R processes at work",
            "Look at it: docker ps; docker top "
                + ContainerPaths.CONTAINER
                + ". It is left alone.");
      }
      return false;
    }
    if (state.sessions() > 0) {
      out.warning(
          state.sessions() + " R processes are at work in its container, and end with it",
          "-Dworkr.drain=1h waits for them as long as one of them ends within an hour.");
    }
    String before = state.file(ContainerState.COMPOSE_FILE);
    out.change(
        Stage.SYSTEM,
        before.isEmpty() ? Action.CREATE : Action.UPDATE,
        "service",
        same ? standing(unhealthy) : before,
        same ? "it runs, and serves" : compose.file(),
        Deploy.steps(compose, command, lock, image.id(), deployment.drain()).toArray(Step[]::new));
    return true;
  }

  private String standing(boolean unhealthy) {
    return unhealthy
        ? "it runs, and does not serve"
        : state.proven() ? "the unit is " + state.active() : "it has not been seen to serve";
  }
}
