package org.workr.spec;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.workr.binding.Problems;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;

/** Whether every host can be told from every other: names, addresses, lengths of ranges. */
final class HostsCheck {
  private final ClusterSpec cluster;
  private final Problems problems;

  HostsCheck(ClusterSpec cluster, Problems problems) {
    this.cluster = cluster;
    this.problems = problems;
  }

  void check() {
    Map<Object, Integer> names = new HashMap<>();
    Map<Object, Integer> finals = new HashMap<>();
    Map<Object, Integer> bootstraps = new HashMap<>();
    for (int i = 0; i < cluster.workers().size(); i++) {
      WorkerSpec worker = cluster.workers().get(i);
      lengths(i, worker);
      unique(part(i, "hostname"), i, worker.hostname().names(), names, "name");
      unique(part(i, "address"), i, ips(worker), finals, "address");
      int port = worker.port().orElse(cluster.ssh().port());
      // With ports forwarded to them, several clones may answer at one address.
      List<Endpoint> endpoints =
          bootstraps(worker).stream().map(address -> new Endpoint(address, port)).toList();
      unique(part(i, "bootstrap"), i, endpoints, bootstraps, "bootstrap address");
    }
    for (int i = 0; i < cluster.workers().size(); i++) {
      bootstrapOfOneFinalOfAnother(i, finals);
    }
  }

  private record Endpoint(Ipv4 address, int port) {
    @Override
    public String toString() {
      return address.toString();
    }
  }

  private void lengths(int index, WorkerSpec worker) {
    int names = worker.hostname().names().size();
    if (!problems.usable(part(index, "hostname"))) {
      return;
    }
    int finals = worker.address().addresses().size();
    if (finals != names && problems.usable(part(index, "address"))) {
      differ(part(index, "address"), worker.address().text(), finals, worker, names);
    }
    worker
        .bootstrap()
        .filter(b -> b.addresses().size() != names)
        .ifPresent(
            b -> differ(part(index, "bootstrap"), b.text(), b.addresses().size(), worker, names));
  }

  private void differ(String part, String text, int count, WorkerSpec worker, int names) {
    problems.error(
        part,
        "'"
            + text
            + "' stands for "
            + hosts(count)
            + ", but the hostname '"
            + worker.hostname()
            + "' for "
            + names,
        "Make the ranges equally long.");
  }

  private static String hosts(int count) {
    return count == 1 ? "1 host" : count + " hosts";
  }

  private void unique(
      String part, int index, List<?> values, Map<Object, Integer> owners, String what) {
    if (!problems.usable(part)) {
      return;
    }
    Map<Integer, Set<String>> taken = new TreeMap<>();
    for (Object value : values) {
      Integer owner = owners.putIfAbsent(value, index);
      if (owner != null) {
        taken.computeIfAbsent(owner, o -> new LinkedHashSet<>()).add(value.toString());
      }
    }
    taken.forEach(
        (owner, list) ->
            problems.error(
                part,
                some(list)
                    + " already the "
                    + what
                    + (list.size() == 1 ? "" : what.endsWith("s") ? "es" : "s")
                    + " of "
                    + (owner == index ? "another host in this range" : "workers[" + owner + "]"),
                "Give every host "
                    + (what.startsWith("a") ? "an " : "a ")
                    + what
                    + " of its own."));
  }

  private void bootstrapOfOneFinalOfAnother(int index, Map<Object, Integer> finals) {
    WorkerSpec worker = cluster.workers().get(index);
    List<Ipv4> own = ips(worker);
    List<Ipv4> bootstraps = bootstraps(worker);
    Set<String> taken = new LinkedHashSet<>();
    for (int k = 0; k < bootstraps.size(); k++) {
      boolean itself = k < own.size() && own.get(k).equals(bootstraps.get(k));
      Integer owner = finals.get(bootstraps.get(k));
      if (owner != null && !itself) {
        taken.add(bootstraps.get(k).toString());
      }
    }
    if (!taken.isEmpty()) {
      problems.error(
          part(index, "bootstrap"),
          some(taken) + " also the final address of another host",
          "Keep bootstrap addresses apart from final ones, or one machine is taken for another.");
    }
  }

  /** The first of them in quotes, how many more there are, and the verb. */
  private static String some(Set<String> values) {
    String first = "'" + values.iterator().next() + "'";
    return values.size() == 1 ? first + " is" : first + " and " + (values.size() - 1) + " more are";
  }

  private static List<Ipv4> ips(WorkerSpec worker) {
    return worker.address().addresses().stream().map(InterfaceAddress::ip).toList();
  }

  private static List<Ipv4> bootstraps(WorkerSpec worker) {
    return worker.bootstrap().map(b -> b.addresses()).orElse(List.of());
  }

  private static String part(int worker, String element) {
    return "workers[" + worker + "]." + element;
  }
}
