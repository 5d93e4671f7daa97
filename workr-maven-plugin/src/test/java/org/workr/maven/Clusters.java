package org.workr.maven;

import static org.workr.Elements.text;
import static org.workr.Elements.tree;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.workr.binding.Binder;
import org.workr.binding.Element;
import org.workr.spec.ClusterSpec;

/** Small clusters, as a pom declares them. */
final class Clusters {
  private Clusters() {}

  /**
   * Workers of these names; there must be as many addresses, such as {@code 192.168.64.[1-3]/16}.
   *
   * @param more what else stands under {@code <cluster>}
   */
  static Element declaring(String hostnames, String addresses, Element... more) {
    List<Element> parts = new ArrayList<>(List.of(more));
    Collections.addAll(
        parts,
        text("name", "stats"),
        tree(
            "ssh",
            text("user", "ubuntu"),
            text("hostKey", "SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE")),
        tree("network", text("nameservers", "192.168.1.1")),
        tree("workers", tree("worker", text("hostname", hostnames), text("address", addresses))));
    return tree("cluster", parts.toArray(Element[]::new));
  }

  /** What {@link #declaring} comes to. */
  static ClusterSpec spec(String hostnames, String addresses, Element... more) {
    var bound = Binder.bind(declaring(hostnames, addresses, more), ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics()));
  }
}
