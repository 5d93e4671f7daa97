package org.workr.capability.container;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.plan.Step;
import org.workr.render.Placeholders;
import org.workr.value.Host;
import org.workr.value.Hostname;

/**
 * Brings the image of the lock to a host.
 *
 * @param spec what is declared
 * @param host where it is not yet
 * @param image of the lock
 * @param source another host that has it; empty when none does
 */
record ImageFetch(
    ContainerSpec spec, Host host, ContainerLock.Image image, Optional<Hostname> source) {
  private static final String PULL =
      """
      if ! said=$(docker pull -q PUSHED 2>&1); then
        echo "the image PUSHED cannot be pulled: $(printf '%s' "$said" | tail -n 1)"
        exit 1
      fi
      """;

  /** The digest decides, whoever has sent it. */
  private static final String FILE =
      """
      docker image inspect ID >/dev/null 2>&1 || { echo 'what came is not the image of the lock, ID'; exit 1; }
      docker tag ID NAME
      """;

  /** Where it comes from, for a person; empty when there is no way. */
  Optional<String> from() {
    return pushed().or(() -> source.map(Hostname::value));
  }

  /** The steps, when there is a way. */
  List<Step> steps() {
    Step fetch =
        pushed()
            .map(at -> RegistryLogin.with(spec.registry(), host, PULL.replace("PUSHED", at)))
            .orElseGet(() -> new Step.CopyImage(source.orElseThrow(), image.id()));
    return List.of(
        fetch,
        Step.shell(
            Placeholders.fill(
                FILE,
                Map.of(
                    "NAME",
                    ContainerPaths.imageById(host.cluster(), image.id()),
                    "ID",
                    image.id()))));
  }

  /** Only a registry that is declared is asked: its certificate and login are. */
  private Optional<String> pushed() {
    return spec.registry().flatMap(RegistrySpec::repository).isPresent()
        ? image.pushed()
        : Optional.empty();
  }
}
