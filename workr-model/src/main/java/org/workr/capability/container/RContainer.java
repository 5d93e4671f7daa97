package org.workr.capability.container;

import java.util.List;
import java.util.Optional;
import org.workr.value.HttpUrl;
import org.workr.value.Ipv4;
import org.workr.value.SshPublicKey;

/**
 * What is declared of the container, from the places of the pom where it stands.
 *
 * @param spec what {@code <container>} says
 * @param keys who may log in
 * @param proxy by which hosts fetch packages
 * @param nameservers that hosts ask; empty when the pom does not say
 */
public record RContainer(
    ContainerSpec spec, List<SshPublicKey> keys, Optional<HttpUrl> proxy, List<Ipv4> nameservers) {

  /** Copies the lists. */
  public RContainer {
    keys = List.copyOf(keys);
    nameservers = List.copyOf(nameservers);
  }
}
