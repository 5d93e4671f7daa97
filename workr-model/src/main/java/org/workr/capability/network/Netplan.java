package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.workr.facts.Fact;
import org.workr.plan.Step;
import org.workr.render.Shell;

/**
 * netplan, whatever it renders to. It merges all its files, so every other definition of the
 * interface has to go: one that stays would keep DHCP on beside the static address.
 */
record Netplan() implements Backend {
  static final String PATH = "/etc/netplan/60-workr.yaml";

  private static final Pattern PLAIN = Pattern.compile("[a-z]+[0-9][a-z0-9]*");

  // Matches as netplan-yaml(5) says under "match". What is below /usr is not workr's to change.
  private static final String SCAN =
      """
      import fnmatch, glob, os, sys, yaml
      interface, own = sys.argv[1:3]
      net = "/sys/class/net/"
      mac = open(net + interface + "/address").read().strip().lower()
      cards = [n for n in os.listdir(net) if n == interface or os.path.exists(net + n + "/device")]
      for path in sorted(p for d in ("/etc", "/run", "/usr/lib") for p in glob.glob(d + "/netplan/*.yaml")):
          if path == own:
              continue
          with open(path) as f:
              network = (yaml.safe_load(f) or {}).get("network") or {}
          sections = {k: v for k, v in network.items() if isinstance(v, dict)}
          found = []
          for section, definitions in sections.items():
              for id, d in definitions.items():
                  d = d or {}
                  match = d.get("match")
                  names = [id, d["set-name"]] if "set-name" in d else [id]
                  if match is not None:
                      pattern = match.get("name")
                      names += [n for n in cards if pattern and fnmatch.fnmatchcase(n, pattern)]
                      if str(match.get("macaddress", "")).lower() == mac or not set(match) - {"driver"}:
                          names.append(interface)
                  if interface in (d.get("interfaces") or []) or d.get("link") == interface:
                      print(f"obstacle '{path}' makes '{id}' on top of {interface}")
                  if interface not in names:
                      continue
                  found.append(id)
                  for other in sorted(set(names) - {id, interface}):
                      if other in cards:
                          print(f"obstacle '{path}' configures {interface} and {other} by one definition, '{id}'")
                  if path.startswith("/usr/"):
                      print(f"obstacle '{path}' configures {interface}, and a package owns it")
                  keys = ",".join(sorted(d)) or "-"
                  rest = {k for k in network if k not in ("version", section)}
                  whole = "whole" if len(definitions) == 1 and not rest else "part"
                  print(f"claim {path}\\t{id}\\t{whole}\\t{keys}")
      """;

  // Takes definitions out of a file; comments in it are lost, but it is saved before.
  private static final String CUT =
      """
      import os, sys, yaml
      path, *ids = sys.argv[1:]
      with open(path) as f:
          tree = yaml.safe_load(f)
      network = tree["network"]
      for section in [k for k, v in network.items() if isinstance(v, dict)]:
          for id in ids:
              network[section].pop(id, None)
          if not network[section]:
              del network[section]
      new = os.path.join(os.path.dirname(path), ".workr-new")
      with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as f:
          yaml.safe_dump(tree, f, default_flow_style=False, sort_keys=False)
          f.flush()
          os.fsync(f.fileno())
      os.replace(new, path)
      """;

  /**
   * What netplan's files say.
   *
   * @param files how many there are, workr's own included
   * @param claims about the interface
   */
  record Found(int files, Claims claims) implements State {}

  @Override
  public String name() {
    return "netplan";
  }

  @Override
  public String title() {
    return "netplan";
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Step.WriteFile file(Wanted wanted) {
    String name = wanted.networkInterface();
    StringBuilder text = new StringBuilder("# ").append(Wanted.WRITTEN).append('\n');
    text.append("network:\n  version: 2\n  ethernets:\n    ").append(yaml(name)).append(":\n");
    if (wanted.link().needsNetplanToNameIt()) {
      text.append("      match:\n        macaddress: \"").append(wanted.link().mac());
      text.append("\"\n      set-name: ").append(yaml(name)).append('\n');
    }
    text.append("      dhcp4: false\n      addresses:\n        - ").append(wanted.address());
    text.append('\n');
    wanted
        .gateway()
        .ifPresent(
            gateway ->
                text.append("      routes:\n        - to: default\n          via: ")
                    .append(gateway)
                    .append('\n'));
    if (!wanted.nameservers().isEmpty() || !wanted.searchDomains().isEmpty()) {
      text.append("      nameservers:\n");
      list(text, "addresses", wanted.nameserverWords());
      list(text, "search", wanted.searchWords().stream().map(word -> '"' + word + '"').toList());
    }
    return Step.file(PATH, text.toString(), "0600");
  }

  private static void list(StringBuilder text, String key, List<String> items) {
    if (!items.isEmpty()) {
      text.append("        ").append(key).append(":\n");
      items.forEach(item -> text.append("          - ").append(item).append('\n'));
    }
  }

  /** A name as YAML: in quotes unless it can be nothing but a string. */
  private static String yaml(String name) {
    return PLAIN.matcher(name).matches()
        ? name
        : '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  @Override
  public Fact<Found> state(InterfaceProbe probe) {
    return Fact.of(
        "network.netplan",
        probe.with(
            """
            command -v netplan >/dev/null || { echo 'files 0'; exit 0; }
            others=0
            all=0
            for file in /etc/netplan/*.yaml /run/netplan/*.yaml /usr/lib/netplan/*.yaml; do
              [ -e "$file" ] || continue
              all=$((all + 1))
              [ "$file" = OWN ] || others=$((others + 1))
            done
            echo "files $all"
            [ "$others" -gt 0 ] && [ -n "$interface" ] || exit 0
            python3 -c PROGRAM "$interface" OWN
            """
                .replace("OWN", PATH)
                .replace("PROGRAM", Shell.quote(SCAN))),
        text -> {
          KeyedLines lines = KeyedLines.parse(text);
          int files =
              lines
                  .first("files")
                  .map(Integer::parseInt)
                  .orElseThrow(() -> new IllegalArgumentException("no count of files"));
          return new Found(files, Claims.parse(lines, PATH));
        });
  }

  @Override
  public List<String> replaced() {
    return List.of(
        "addresses",
        "critical",
        "dhcp-identifier",
        "dhcp4",
        "dhcp4-overrides",
        "gateway4",
        "match",
        "nameservers",
        "optional",
        "routes",
        "set-name");
  }

  @Override
  public List<Step> makeWay(Claims claims, String networkInterface) {
    List<Step> steps = new ArrayList<>();
    for (Claims.Claim claim : claims.claims()) {
      steps.add(
          claim.whole()
              ? Step.run("rm", "-f", "--", claim.path())
              : new Step.Run(
                  List.of("python3", "-c", CUT, claim.path(), claim.id()), Optional.empty()));
    }
    return steps;
  }

  @Override
  public Set<Resolver.Kind> feeds() {
    return Set.of(Resolver.Kind.RESOLVED, Resolver.Kind.NETWORK_MANAGER);
  }
}
