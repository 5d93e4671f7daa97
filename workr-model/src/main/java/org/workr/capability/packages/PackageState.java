package org.workr.capability.packages;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.workr.facts.Fact;

/**
 * Which of the wanted packages a host has.
 *
 * @param wanted what this host should have; what that is depends on its distribution
 * @param missing which of them are not completely installed
 * @param guestPort whether the hypervisor offers the channel that the QEMU guest agent talks on
 * @param certificates whether the certificates for https are there
 * @param errors what apt would answer to installing the missing ones with the lists that the host
 *     has now
 * @param removals what apt would remove for them
 * @param listsCurrent whether the package lists are there and newer than the sources
 */
record PackageState(
    List<String> wanted,
    List<String> missing,
    boolean guestPort,
    boolean certificates,
    List<String> errors,
    List<String> removals,
    boolean listsCurrent) {

  /**
   * Where Docker's own packages are on the host already, they are as good as the distribution's.
   */
  private static final String DOCKER =
      """
      if has docker-ce; then
        set -- "$@" docker-ce docker-compose-plugin
      else
        case "$ID $VERSION_ID" in
          ubuntu*) set -- "$@" docker.io docker-compose-v2 apparmor ;;
          'debian 12') set -- "$@" docker.io docker-compose apparmor ;;
          *) set -- "$@" docker.io docker-cli docker-compose apparmor ;;
        esac
      fi
      """;

  private static final String GUEST_AGENT_AUTO =
      """
      # Inside a container this names the container, so its host's hypervisor does not count.
      virt=$(systemd-detect-virt 2>/dev/null) || :
      if [ -z "$virt" ] && [ "$port" = yes ]; then virt=qemu; fi
      case $virt in kvm | qemu) set -- "$@" qemu-guest-agent ;; esac
      """;

  private static final String PROBE =
      """
      . /etc/os-release || exit 1
      port=no
      if [ -e /dev/virtio-ports/org.qemu.guest_agent.0 ]; then port=yes; fi
      have=$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|\\n' %s 2>/dev/null) \\
        || [ $? -eq 1 ] || exit 1
      has() {
        case "
      $have" in *"
      ii |$1|"* | *"
      hi |$1|"*) ;; *) return 1 ;; esac
      }
      set -- %s
      %secho "wanted $*"
      echo "port $port"
      missing=
      for p; do has "$p" || missing="$missing $p"; done
      echo "missing$missing"
      if has ca-certificates; then echo certificates yes; fi
      [ -n "$missing" ] || exit 0
      lists=current
      for f in /var/lib/apt/lists/*_Packages*; do [ -e "$f" ] || lists=missing; break; done
      newer=$(find /etc/apt/sources.list /etc/apt/sources.list.d -newer /var/lib/apt/lists 2>/dev/null)
      if [ -n "$newer" ]; then lists=old; fi
      echo "lists $lists"
      apt-get -s -q -y --no-install-recommends install -- $missing 2>&1 \\
        | sed -n -e "/^E: Couldn't find any package by/d" -e 's/^E: /error /p' -e 's/^Remv \\([^ ]*\\) .*/removal \\1/p'""";

  /** Copies the collections. */
  PackageState {
    wanted = List.copyOf(wanted);
    missing = List.copyOf(missing);
    errors = List.copyOf(errors);
    removals = List.copyOf(removals);
  }

  /** The fact. One process when nothing is missing. */
  static Fact<PackageState> fact(PackagesSpec spec) {
    Set<String> plain = new LinkedHashSet<>();
    if (spec.avahi()) {
      plain.addAll(List.of("avahi-daemon", "libnss-mdns"));
    }
    if (spec.clevis()) {
      plain.addAll(List.of("clevis", "clevis-luks", "clevis-initramfs", "clevis-systemd"));
    }
    if (spec.guestAgent() == Wanted.TRUE) {
      plain.add("qemu-guest-agent");
    }
    spec.repositories().forEach(r -> r.packages().forEach(p -> plain.add(p.value())));
    spec.extra().forEach(p -> plain.add(p.value()));
    StringBuilder more = new StringBuilder();
    if (spec.docker()) {
      if (plain.contains("docker-ce")) {
        plain.addAll(List.of("apparmor", "docker-compose-plugin"));
      } else {
        more.append(DOCKER);
      }
    }
    if (spec.guestAgent() == Wanted.AUTO) {
      more.append(GUEST_AGENT_AUTO);
    }
    Set<String> asked = new LinkedHashSet<>(plain);
    asked.addAll(
        List.of(
            "ca-certificates",
            "apparmor",
            "docker.io",
            "docker-cli",
            "docker-compose",
            "docker-compose-v2",
            "docker-ce",
            "docker-compose-plugin",
            "qemu-guest-agent"));
    return Fact.of(
        "packages.state", PROBE.formatted(join(asked), join(plain), more), PackageState::parse);
  }

  // Names of packages need no quoting: PackageName refuses what would.
  private static String join(Set<String> names) {
    return names.stream().collect(Collectors.joining(" "));
  }

  private static PackageState parse(String text) {
    Map<String, List<String>> lines = new HashMap<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 2);
      lines
          .computeIfAbsent(parts[0], key -> new ArrayList<>())
          .add(parts.length > 1 ? parts[1] : "");
    }
    if (!lines.keySet().containsAll(Set.of("wanted", "missing", "port"))) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new PackageState(
        words(lines, "wanted"),
        words(lines, "missing"),
        lines.getOrDefault("port", List.of()).contains("yes"),
        lines.getOrDefault("certificates", List.of()).contains("yes"),
        lines.getOrDefault("error", List.of()),
        lines.getOrDefault("removal", List.of()),
        lines.getOrDefault("lists", List.of()).contains("current"));
  }

  private static List<String> words(Map<String, List<String>> lines, String key) {
    String text = String.join(" ", lines.getOrDefault(key, List.of())).strip();
    return text.isEmpty() ? List.of() : List.of(text.split(" +", -1));
  }
}
