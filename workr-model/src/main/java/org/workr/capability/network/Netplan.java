package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
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

  // Words are words, as for netplan: 52:54:00:12:34:56 is no number to base 60, and "yes" no truth.
  private static final String LOADER =
      """
      import fnmatch, glob, os, sys, yaml
      class Words(yaml.SafeLoader):
          yaml_implicit_resolvers = {
              first: [(tag, form) for tag, form in pairs if tag.split(":")[-1] in ("null", "merge")]
              for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
          }
      """;

  // Matches as netplan-yaml(5) says under "match": all that is given must fit. An id is a name only
  // where nothing is matched. Files of the same name hide those below /usr, which are not workr's.
  private static final String SCAN =
      LOADER
          + """
          interface, own = sys.argv[1:3]
          net = "/sys/class/net/"
          def mac(card):
              with open(net + card + "/address") as f:
                  return f.read().strip().lower()
          def driver(card):
              return os.path.basename(os.path.realpath(net + card + "/device/driver"))
          def fits(card, match):
              drivers = match.get("driver", "*")
              return (
                  fnmatch.fnmatchcase(card, match.get("name", "*"))
                  and match.get("macaddress", mac(card)).lower() == mac(card)
                  and any(fnmatch.fnmatchcase(driver(card), d) for d in ([drivers] if isinstance(drivers, str) else drivers))
              )
          cards = [n for n in os.listdir(net) if n == interface or os.path.exists(net + n + "/device")]
          places = ("/etc/netplan/", "/run/netplan/", "/usr/lib/netplan/")
          def twins(path):
              return [d for d in places if d + os.path.basename(path) != path and os.path.exists(d + os.path.basename(path))]
          paths = [p for d in places for p in sorted(glob.glob(d + "*.yaml"))]
          paths = [p for p in paths if p != own and not (p.startswith("/usr/") and twins(p))]
          found, merged, renderer = [], {}, "networkd"
          for path in sorted(paths, key=os.path.basename):
              with open(path) as f:
                  network = (yaml.load(f, Words) or {}).get("network") or {}
              renderer = network.get("renderer", renderer)
              for section, definitions in network.items():
                  if not isinstance(definitions, dict):
                      continue
                  alone = len(definitions) == 1 and not twins(path) and not set(network) - {"version", section}
                  for id, d in definitions.items():
                      if isinstance(d, dict) or d is None:
                          found.append((path, id, d or {}, alone, (d or {}).get("renderer", definitions.get("renderer"))))
                          merged.setdefault(id, {}).update(d or {})
          names = {}
          for id, d in merged.items():
              match = d.get("match")
              names[id] = {id} if match is None else {c for c in cards if fits(c, match)} | {d.get("set-name")}
          mine = {id for id in names if interface in names[id]}
          for path, id, d, alone, chosen in found:
              if (set(d.get("interfaces") or []) | {d.get("link")}) & (mine | {interface}):
                  print(f"obstacle '{path}' makes '{id}' on top of {interface}")
              if id not in mine:
                  continue
              for other in sorted(names[id] & set(cards) - {interface}):
                  print(f"obstacle '{path}' configures {interface} and {other} by one definition, '{id}'")
              if path.startswith("/usr/"):
                  print(f"obstacle '{path}' configures {interface} and is a package's; an empty /etc/netplan/{os.path.basename(path)} would hide it")
              if (chosen or renderer) != renderer:
                  print(f"obstacle '{path}' has '{id}' done by {chosen}, and all else is done by {renderer}")
              keys = set(d) - {"renderer"}
              if any(":" in (next(iter(a)) if isinstance(a, dict) else a) for a in d.get("addresses") or []):
                  keys.add("IPv6 addresses")
              if any(r.get("to") not in ("default", "0.0.0.0/0") for r in d.get("routes") or []):
                  keys.add("other routes")
              print(f"claim {path}\\t{id}\\t{'whole' if alone else 'part'}\\t{','.join(sorted(keys)) or '-'}")
          """;

  // Takes definitions out of a file; comments in it are lost, but it is saved before.
  private static final String CUT =
      LOADER
          + """
          path, *ids = sys.argv[1:]
          with open(path) as f:
              tree = yaml.load(f, Words)
          network = tree["network"]
          for section in [k for k, v in network.items() if isinstance(v, dict)]:
              for id in ids:
                  network[section].pop(id, None)
              if not network[section]:
                  del network[section]
          new = os.path.join(os.path.dirname(path), ".workr-new")
          empty = lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", "")
          yaml.SafeDumper.add_representer(type(None), empty)
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
    return probe.fact(
        "network.netplan",
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
            .replace("PROGRAM", Shell.quote(SCAN)),
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
              : new Step.Run(List.of("python3", "-c", CUT, claim.path(), claim.id()), List.of()));
    }
    return steps;
  }

  @Override
  public Set<Resolver.Kind> feeds() {
    return Set.of(Resolver.Kind.RESOLVED, Resolver.Kind.NETWORK_MANAGER);
  }
}
