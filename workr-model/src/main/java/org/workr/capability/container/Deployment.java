package org.workr.capability.container;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.Role;

/**
 * What is to be deployed, as far as it is not a matter of one host alone.
 *
 * @param build the name of the image that is to be made; empty when none is
 * @param builders the hosts that make it, one of each architecture
 * @param freshly whether nothing of an earlier image is used for it
 * @param sources by host, another one that has the image
 * @param drain how long to wait for R processes when none of them ends; zero for not at all
 */
public record Deployment(
    Optional<String> build,
    Set<Hostname> builders,
    boolean freshly,
    Map<Hostname, Hostname> sources,
    Duration drain) {

  /** Copies the collections. */
  public Deployment {
    builders = Set.copyOf(builders);
    sources = Map.copyOf(sources);
  }

  /** Nothing but a look at the hosts. */
  public static Deployment looking() {
    return new Deployment(Optional.of(""), Set.of(), false, Map.of(), Duration.ZERO);
  }

  /** Whether a host has to make an image first. */
  public boolean builds() {
    return !builders.isEmpty();
  }

  /**
   * The image that is to be made, when the lock has none for an architecture, or is to be updated.
   *
   * @param facts of the hosts that could be probed
   * @param update whether what the lock has is made anew
   * @param build a name that no other one has, for one that is made anew
   */
  public static Deployment building(
      ContainerSpec spec,
      List<Host> hosts,
      Map<Hostname, Facts> facts,
      boolean update,
      String build) {
    Set<Hostname> builders = new HashSet<>();
    Set<String> seen = new HashSet<>();
    Optional<String> earlier = Optional.empty();
    Optional<String> begun = Optional.empty();
    for (Host host : workers(hosts)) {
      earlier = earlier.or(() -> lock(host, facts).flatMap(ContainerLock::build));
      Optional<ContainerState> state = state(spec, host, facts).filter(ContainerState::fit);
      Optional<String> architecture = state.flatMap(ContainerState::architecture);
      if (architecture.isPresent()
          && (update || lacks(spec, lock(host, facts), architecture.get()))
          && seen.add(architecture.get())) {
        builders.add(host.hostname());
        String base = base(spec, lock(host, facts), update);
        begun =
            begun.or(
                () ->
                    state
                        .flatMap(ContainerState::building)
                        .flatMap(under -> new Recipe(spec).buildOf(under, base)));
      }
    }
    Optional<String> begunName = begun;
    // What is only missing for an architecture becomes a part of what there is.
    String name = (update ? Optional.<String>empty() : earlier).or(() -> begunName).orElse(build);
    return new Deployment(Optional.of(name), builders, update, Map.of(), Duration.ZERO);
  }

  /** As long as nobody updates it, also another architecture is made from what the lock has. */
  static String base(ContainerSpec spec, Optional<ContainerLock> lock, boolean freshly) {
    return (freshly ? Optional.<String>empty() : lock.flatMap(ContainerLock::base))
        .orElse(spec.image().value());
  }

  /** When the pom says something else than the lock, somebody has to say that it is meant. */
  private static boolean lacks(
      ContainerSpec spec, Optional<ContainerLock> lock, String architecture) {
    return lock.filter(
            known ->
                known.image(architecture).isEmpty()
                    && (known.made().isEmpty() || known.made().equals(new Recipe(spec).declared())))
        .isPresent();
  }

  /**
   * The image of the lock on every worker. Those that have it give it to those that have not, to
   * each of them about as often.
   */
  public static Deployment of(
      ContainerSpec spec, List<Host> hosts, Map<Hostname, Facts> facts, Duration drain) {
    Map<String, List<Hostname>> having = new LinkedHashMap<>();
    for (Host host : workers(hosts)) {
      state(spec, host, facts)
          .ifPresent(
              state ->
                  state
                      .images()
                      .keySet()
                      .forEach(
                          id ->
                              having
                                  .computeIfAbsent(id, unused -> new ArrayList<>())
                                  .add(host.hostname())));
    }
    Map<Hostname, Hostname> sources = new LinkedHashMap<>();
    int next = 0;
    for (Host host : workers(hosts)) {
      Optional<ContainerState> state = state(spec, host, facts);
      Optional<ContainerLock.Image> image =
          lock(host, facts)
              .flatMap(known -> state.flatMap(ContainerState::architecture).flatMap(known::image));
      List<Hostname> from =
          image.flatMap(wanted -> Optional.ofNullable(having.get(wanted.id()))).orElse(List.of());
      if (!from.isEmpty() && !from.contains(host.hostname())) {
        sources.put(host.hostname(), from.get(next++ % from.size()));
      }
    }
    return new Deployment(Optional.empty(), Set.of(), false, sources, drain);
  }

  private static List<Host> workers(List<Host> hosts) {
    return hosts.stream().filter(host -> host.roles().contains(Role.WORKER)).toList();
  }

  private static Optional<ContainerState> state(
      ContainerSpec spec, Host host, Map<Hostname, Facts> facts) {
    return known(ContainerState.fact(spec, host), host, facts);
  }

  private static Optional<ContainerLock> lock(Host host, Map<Hostname, Facts> facts) {
    return known(Container.LOCK, host, facts);
  }

  private static <T> Optional<T> known(Fact<T> fact, Host host, Map<Hostname, Facts> facts) {
    return Optional.ofNullable(facts.get(host.hostname()))
        .flatMap(
            of ->
                of.get(fact) instanceof Reading.Known<T> reading
                    ? Optional.of(reading.value())
                    : Optional.empty());
  }
}
