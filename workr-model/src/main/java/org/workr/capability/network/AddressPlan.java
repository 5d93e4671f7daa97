package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.plan.Step;

/**
 * What has to be done for a host to have its address.
 *
 * @param spec what the pom says
 * @param wanted the network of this host
 * @param backend what configures it
 * @param host what was found
 */
record AddressPlan(NetworkSpec spec, Wanted wanted, Backend backend, Observed host) {

  /** Whether anything has to be done at all. */
  boolean needed() {
    return host.pending().open()
        || !host.inForce(wanted)
        || !claims().claims().isEmpty()
        || files().stream().anyMatch(file -> !host.own().has(file));
  }

  /** What else configures the interface. */
  Claims claims() {
    return host.state(backend).claims();
  }

  /** Every file that the host must have, cloud-init's first: it must not answer to the others. */
  List<Step.WriteFile> files() {
    List<Step.WriteFile> files = new ArrayList<>();
    if (host.own().cloudInit()) {
      files.add(OwnFiles.CLOUD_INIT_FILE);
    }
    files.add(backend.file(wanted));
    host.resolver().file(backend, wanted).ifPresent(files::add);
    return files;
  }

  /** The steps, dead-man switch included. */
  List<Step> steps() {
    Optional<String> connection =
        host.networkManager().uuid().filter(uuid -> !uuid.equals(NmKeyfile.uuid(wanted)));
    return new Deadman(wanted, backend, host.resolver(), connection, spec.rollbackAfter())
        .steps(
            files(),
            backend.makeWay(claims(), wanted.networkInterface()),
            claims().claims().stream().map(Claims.Claim::path).distinct().toList());
  }

  /** The network as it is. */
  String before() {
    List<String> lines = new ArrayList<>();
    lines.add("interface " + wanted.networkInterface());
    host.held().forEach(address -> lines.add("address " + address));
    host.ways().forEach(way -> way.gateway().ifPresent(gateway -> lines.add("gateway " + gateway)));
    host.resolver().nameservers().forEach(server -> lines.add("nameserver " + server));
    host.resolver().search().forEach(domain -> lines.add("search " + domain));
    claims().claims().stream()
        .map(Claims.Claim::path)
        .distinct()
        .forEach(path -> lines.add("file " + path));
    files().stream()
        .filter(file -> host.own().has(file.path()))
        .map(file -> "file " + file.path() + (host.own().has(file) ? "" : " (differs)"))
        .forEach(lines::add);
    host.services().clients().forEach(client -> lines.add("client " + client));
    if (host.pending().open()) {
      lines.add("not confirmed" + (host.pending().armed() ? ", about to be taken back" : ""));
    }
    return String.join("\n", lines);
  }

  /** The network as it will be. */
  String after() {
    List<String> lines = new ArrayList<>();
    lines.add("interface " + wanted.networkInterface());
    lines.add("address " + wanted.address());
    wanted.gateway().ifPresent(gateway -> lines.add("gateway " + gateway));
    wanted.nameserverWords().forEach(server -> lines.add("nameserver " + server));
    wanted.searchWords().forEach(domain -> lines.add("search " + domain));
    files().forEach(file -> lines.add("file " + file.path()));
    return String.join("\n", lines);
  }
}
