package org.workr.capability.platform;

import java.util.List;
import org.workr.facts.Fact;

/**
 * Room on the file systems that workr writes to, in KiB.
 *
 * @param root free on {@code /}
 * @param boot free on the file system of {@code /boot}
 * @param initramfs size of the largest initramfs in {@code /boot}; 0 when there is none
 */
record Space(long root, long boot, long initramfs) {

  static final Fact<Space> FACT =
      Fact.of(
          "platform.space",
          """
          df -Pk / /boot || exit 1
          for f in /boot/initrd.img-*; do
            if [ -e "$f" ]; then stat -c 'initramfs %s' /boot/initrd.img-* || exit 1; break; fi
          done""",
          Space::parse);

  static Space parse(String text) {
    List<String> lines = text.lines().toList();
    if (lines.size() < 3) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    long largest =
        lines.stream()
            .skip(3)
            .mapToLong(line -> Long.parseLong(line.substring("initramfs ".length())))
            .max()
            .orElse(0);
    return new Space(free(lines.get(1)), free(lines.get(2)), (largest + 1023) / 1024);
  }

  private static long free(String line) {
    String[] words = line.strip().split("\\s+", -1);
    if (words.length < 6) {
      throw new IllegalArgumentException("'" + line + "'");
    }
    return Long.parseLong(words[3]);
  }
}
