package org.workr.capability.platform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.facts.Fact;

/**
 * Room on the file systems that workr and the package manager write to, in KiB.
 *
 * @param folders of {@link #FOLDERS}, those that exist
 * @param installed which of the packages by which a {@link PlatformSpec.Payload} is known the host
 *     has
 * @param initramfs size of the largest initramfs in {@code /boot}; 0 when there is none
 */
record Space(List<Folder> folders, Set<String> installed, long initramfs) {
  private static final long MIB = 1024;

  private static final String BOOT = "/boot";
  private static final String PROGRAMS = "/usr";
  private static final String STATE = "/var/lib";
  private static final String CACHE = "/var/cache/apt";
  private static final List<String> FOLDERS = List.of("/", BOOT, PROGRAMS, "/var", STATE, CACHE);

  /** Below this much free space, in KiB, file writes begin to fail half-way. */
  private static final long LEAST = 50 * MIB;

  private static final long COMFORT = 200 * MIB;

  /** apt's lists of Debian 12 as they lie in /var/lib/apt, in KiB: measured 50 MB. */
  private static final long LISTS = 50 * MIB;

  /** The two files of /var/cache/apt that it makes from those lists, in KiB: 37 MB each. */
  private static final long CACHES = 72 * MIB;

  /** Room that update-initramfs(8) needs beside a second copy of the largest image, in KiB. */
  private static final long BOOT_MARGIN = 8 * MIB;

  /**
   * Room for one folder.
   *
   * @param path of the folder
   * @param device of its file system, not always a path
   * @param free in KiB
   * @param mountedOn where its file system is mounted
   */
  record Folder(String path, String device, long free, String mountedOn) {
    /**
     * Subvolumes have mount points of their own and share a device; file systems in memory do not.
     */
    String room() {
      return device.startsWith("/") ? device : mountedOn;
    }
  }

  static final Fact<Space> FACT =
      Fact.of(
          "platform.space",
          """
          set --
          for folder in FOLDERS; do
            if [ -d "$folder" ]; then set -- "$@" "$folder"; fi
          done
          free=$(df -k --output=file,source,avail,target "$@") || exit 1
          printf '%s\\n' "$free" | sed '1d; s/^/free /'
          dpkg-query -W -f '${db:Status-Abbrev}${Package}\\n' PACKAGES 2>/dev/null |
            sed -n 's/^[hi]i  */package /p'
          for f in /boot/initrd.img-*; do
            if [ -e "$f" ]; then stat -c 'initramfs %s' /boot/initrd.img-* || exit 1; break; fi
          done"""
              .replace("FOLDERS", String.join(" ", FOLDERS))
              .replace("PACKAGES", String.join(" ", PlatformSpec.Payload.allPackages())),
          Space::parse);

  /** Copies the collections. */
  Space {
    folders = List.copyOf(folders);
    installed = Set.copyOf(installed);
  }

  static Space parse(String text) {
    List<Folder> folders = new ArrayList<>();
    Set<String> installed = new LinkedHashSet<>();
    long largest = 0;
    for (String line : text.lines().toList()) {
      String[] words = line.split(" +", -1);
      switch (words[0] + " " + words.length) {
        case "free 5" ->
            folders.add(new Folder(words[1], words[2], Long.parseLong(words[3]), words[4]));
        case "package 2" -> installed.add(words[1]);
        case "initramfs 2" -> largest = Math.max(largest, Long.parseLong(words[1]));
        default -> throw new IllegalArgumentException("'" + line + "'");
      }
    }
    if (folders.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new Space(folders, installed, (largest + 1023) / 1024);
  }

  /** Compares the room with what the declared packages take, as far as they are missing. */
  void judge(PlatformSpec spec, Findings.Builder findings) {
    List<PlatformSpec.Payload> missing =
        spec.payloads().stream().filter(payload -> !payload.among(installed)).toList();
    Map<String, Long> takes = takes(missing);
    Map<String, List<Folder>> rooms =
        folders.stream()
            .filter(folder -> !folder.path().equals(BOOT))
            .collect(Collectors.groupingBy(Folder::room, LinkedHashMap::new, Collectors.toList()));
    for (List<Folder> room : rooms.values()) {
      long needed = room.stream().mapToLong(folder -> takes.getOrDefault(folder.path(), 0L)).sum();
      // Where nothing is written, nothing can be too little.
      if (needed > 0 || room.stream().anyMatch(folder -> !folder.path().equals(PROGRAMS))) {
        judge(room.get(0), needed, missing, findings);
      }
    }
    Optional<Folder> boot = folders.stream().filter(f -> f.path().equals(BOOT)).findFirst();
    long image = initramfs + BOOT_MARGIN;
    if (initramfs > 0 && boot.filter(folder -> folder.free() < image).isPresent()) {
      findings.error(
          "'/boot' has "
              + boot.get().free() / MIB
              + " MiB free, a new initramfs needs "
              + image / MIB,
          "Remove old kernels: apt-get autoremove --purge.");
    }
  }

  /** KiB by folder. */
  private static Map<String, Long> takes(List<PlatformSpec.Payload> missing) {
    if (missing.isEmpty()) {
      return Map.of();
    }
    return Map.of(
        PROGRAMS,
        missing.stream().mapToLong(PlatformSpec.Payload::installed).sum() * MIB,
        STATE,
        LISTS,
        CACHE,
        CACHES + missing.stream().mapToLong(PlatformSpec.Payload::download).sum() * MIB);
  }

  private static void judge(
      Folder folder, long needed, List<PlatformSpec.Payload> missing, Findings.Builder findings) {
    if (folder.free() >= needed + COMFORT) {
      return;
    }
    String what =
        "'"
            + folder.mountedOn()
            + "' has "
            + folder.free() / MIB
            + " MiB free"
            + (needed == 0
                ? ""
                : ", and installing "
                    + missing.stream()
                        .map(PlatformSpec.Payload::title)
                        .collect(Collectors.joining(", "))
                    + " takes about "
                    + needed / MIB
                    + " MiB there");
    if (folder.free() < needed + LEAST) {
      findings.error(
          what,
          "Make room, at least " + (needed + COMFORT) / MIB + " MiB, or enlarge the file system.");
    } else {
      findings.warning(what, "Installing packages may need more.");
    }
  }
}
