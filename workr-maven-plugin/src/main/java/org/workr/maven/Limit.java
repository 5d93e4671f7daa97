package org.workr.maven;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.maven.plugin.MojoFailureException;
import org.jspecify.annotations.Nullable;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.HostNames;
import org.workr.value.Hostname;
import org.workr.value.HostnameRange;
import org.workr.value.InvalidValueException;

/** The hosts that {@code workr.limit} names. */
final class Limit {
  private Limit() {}

  /**
   * The hosts of {@code text}: names and ranges with commas between them, such as {@code
   * head,workr[1-3]}. Empty for all.
   */
  static Set<Hostname> parse(@Nullable String text, ClusterSpec spec) throws MojoFailureException {
    Set<Hostname> limit = new LinkedHashSet<>();
    if (text == null || text.isBlank()) {
      return limit;
    }
    Set<Hostname> known =
        spec.hosts().stream()
            .map(Host::hostname)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    try {
      // A comma inside brackets belongs to the range.
      for (String part : text.strip().split("\\s*,\\s*(?![^\\[]*\\])", -1)) {
        limit.addAll(HostnameRange.parse(part).names());
      }
    } catch (InvalidValueException e) {
      throw new MojoFailureException("workr.limit: " + e.summary() + ". " + e.hint());
    }
    for (Hostname host : limit) {
      if (!known.contains(host)) {
        throw new MojoFailureException(
            "workr.limit: '"
                + host
                + "' is no host of this cluster. Its hosts are "
                + HostNames.folded(List.copyOf(known))
                + ".");
      }
    }
    return limit;
  }
}
