package org.workr.capability.network;

import java.util.Optional;

/**
 * Which program configures the interface.
 *
 * @param backend the one; empty when there is none that workr can use
 * @param refusal why not, as a sentence without a full stop; empty when there is one
 */
record BackendChoice(Optional<Backend> backend, String refusal) {

  private static BackendChoice use(Backend backend) {
    return new BackendChoice(Optional.of(backend), "");
  }

  private static BackendChoice refuse(String refusal) {
    return new BackendChoice(Optional.empty(), refusal);
  }

  static BackendChoice of(Observed host) {
    String name = host.link().name().orElseThrow();
    Optional<String> foreign = host.services().foreign();
    if (foreign.isPresent()) {
      return refuse("'" + foreign.get() + "' configures networks on this machine");
    }
    Optional<String> file = host.networkd().networkFile();
    boolean networkd = file.isPresent();
    boolean rendered =
        file.filter(path -> path.startsWith("/run/systemd/network/10-netplan-")).isPresent();
    boolean stanza =
        host.ifupdown().method().filter(method -> !method.equals("manual")).isPresent();
    boolean managed = host.networkManager().managed();
    if (stanza && networkd) {
      return refuse("both ifupdown and systemd-networkd ('" + file.get() + "') configure " + name);
    }
    if (stanza && managed) {
      return refuse("both ifupdown and NetworkManager configure " + name);
    }
    if (stanza) {
      return use(new Ifupdown());
    }
    if (managed && networkd) {
      return refuse(
          "both NetworkManager and systemd-networkd ('" + file.get() + "') configure " + name);
    }
    boolean netplanConnection =
        host.networkManager().connection().filter(c -> c.startsWith("netplan-")).isPresent();
    if (rendered || (managed && netplanConnection)) {
      return use(new Netplan());
    }
    if (managed) {
      return use(new NmKeyfile());
    }
    if (networkd) {
      return use(new Networkd());
    }
    if (!host.netplan().claims().claims().isEmpty() || host.own().has(Netplan.PATH)) {
      return use(new Netplan());
    }
    return refuse("nothing that workr knows configures " + name);
  }
}
