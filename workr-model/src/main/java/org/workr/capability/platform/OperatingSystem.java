package org.workr.capability.platform;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.workr.facts.Fact;

/**
 * What a host runs.
 *
 * @param id {@code ID} of os-release(5), for example {@code debian}; Raspberry Pi OS is {@code
 *     debian} too
 * @param version {@code VERSION_ID}, for example {@code 12}; empty for a testing release
 * @param codename {@code VERSION_CODENAME}, for example {@code bookworm}
 * @param architecture as dpkg calls it, for example {@code amd64}
 * @param systemd whether systemd is process 1, so that there are units to manage
 */
public record OperatingSystem(
    String id, String version, String codename, String architecture, boolean systemd) {

  /** What is supported, by distribution. */
  static final Map<String, Set<String>> SUPPORTED =
      Map.of("debian", Set.of("12", "13"), "ubuntu", Set.of("22.04", "24.04"));

  /** Architectures, as dpkg calls them. */
  static final Set<String> ARCHITECTURES = Set.of("amd64", "arm64");

  /** The fact. Other capabilities ask for it too. */
  public static final Fact<OperatingSystem> FACT =
      Fact.of(
          "platform.os",
          """
          . /etc/os-release || exit 1
          arch=$(dpkg --print-architecture) || exit 1
          init=other
          if [ -d /run/systemd/system ]; then init=systemd; fi
          printf '%s\\n' "id ${ID-}" "version ${VERSION_ID-}" "codename ${VERSION_CODENAME-}" \\
            "architecture $arch" "init $init\"""",
          OperatingSystem::parse);

  /** Whether workr knows this release. */
  public boolean supported() {
    return SUPPORTED.getOrDefault(id, Set.of()).contains(version);
  }

  /** Whether {@code id} names a distribution that workr knows. */
  public static boolean isKnown(String id) {
    return SUPPORTED.containsKey(id);
  }

  /** Whether it is Ubuntu, whose packages have other names here and there. */
  public boolean ubuntu() {
    return id.equals("ubuntu");
  }

  /** {@code debian 12 (bookworm)}, for a person. */
  public String title() {
    return (id + " " + version).strip() + (codename.isEmpty() ? "" : " (" + codename + ")");
  }

  static OperatingSystem parse(String text) {
    List<String> keys = List.of("id", "version", "codename", "architecture", "init");
    List<String> lines = text.lines().toList();
    if (lines.size() != keys.size()) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    String[] values = new String[keys.size()];
    for (int i = 0; i < values.length; i++) {
      String line = lines.get(i).stripTrailing() + " ";
      if (!line.startsWith(keys.get(i) + " ")) {
        throw new IllegalArgumentException("'" + line.strip() + "'");
      }
      values[i] = line.substring(keys.get(i).length() + 1).strip();
    }
    if (values[0].isEmpty() || values[3].isEmpty()) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new OperatingSystem(
        values[0], values[1], values[2], values[3], values[4].equals("systemd"));
  }
}
