package org.workr.capability.identity;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.workr.facts.Fact;
import org.workr.plan.Step;
import org.workr.render.Shell;
import org.workr.value.Hostname;

/**
 * What a host remembers of its own identity once it has one, in a file of root's. A clone has none,
 * and a clone of a provisioned machine has that machine's, with another name in it than its own.
 *
 * @param hostname whose identity it is
 * @param machineId the id that was made for it
 */
record Marker(String hostname, String machineId) {
  static final String PATH = "/var/lib/workr/identity";

  /** The marker, empty when there is none. */
  static final Fact<Optional<Marker>> FACT =
      Fact.perl("identity.marker", "print content(\"" + PATH + "\") // \"absent\";", Marker::parse);

  static Optional<Marker> parse(String text) {
    if (text.equals("absent")) {
      return Optional.empty();
    }
    Map<String, String> values =
        text.lines()
            .map(line -> line.split("=", 2))
            .filter(pair -> pair.length == 2)
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (first, last) -> last));
    String hostname = values.get("hostname");
    String machineId = values.get("machine-id");
    if (hostname == null || machineId == null) {
      throw new IllegalArgumentException(PATH + " lacks its hostname or its machine-id");
    }
    return Optional.of(new Marker(hostname, machineId));
  }

  /** Writes the marker for {@code hostname} with the machine-id that the host has by then. */
  static Step write(Hostname hostname) {
    return Step.shell(
        """
        umask 077
        mkdir -p -m 0755 /var/lib/workr
        id=$(cat /etc/machine-id)
        printf 'hostname=%%s\\nmachine-id=%%s\\n' %s "$id" >%s.new
        sync %s.new
        mv -f %s.new %s
        sync /var/lib/workr"""
            .formatted(Shell.quote(hostname.value()), PATH, PATH, PATH, PATH));
  }

  @Override
  public String toString() {
    return "hostname=" + hostname + "\nmachine-id=" + machineId;
  }
}
