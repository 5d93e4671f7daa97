package org.workr.capability;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.Role;

/** A host for tests of planners. */
public final class SampleHost {
  /** {@code workr1}, whose address is 192.168.64.1/16. */
  public static final Host WORKR1 = with(Set.of(Role.WORKER));

  private SampleHost() {}

  /** The same with other roles. */
  public static Host with(Set<Role> roles) {
    return new Host(
        "stats",
        new Hostname("workr1"),
        roles,
        "ubuntu",
        22,
        Optional.empty(),
        InterfaceAddress.parse("192.168.64.1/16"),
        Optional.empty(),
        List.of(),
        4,
        1);
  }
}
