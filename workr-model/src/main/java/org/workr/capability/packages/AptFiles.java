package org.workr.capability.packages;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.workr.facts.Fact;

/**
 * The files that tell apt where packages come from.
 *
 * @param contents by path, every line with a line end
 */
record AptFiles(Map<String, String> contents) {
  static final String PROXY = "/etc/apt/apt.conf.d/10workr-proxy";
  static final String SOURCES = "/etc/apt/sources.list.d/";

  static final Fact<AptFiles> FACT =
      Fact.of(
          "packages.apt",
          """
          set --
          for f in /etc/apt/sources.list /etc/apt/sources.list.workr.save \\
            /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources \\
            /etc/apt/sources.list.d/*.workr.save /etc/apt/preferences.d/workr-* \\
            /etc/apt/keyrings/workr-* %s
          do
            if [ -f "$f" ]; then echo "file $f"; set -- "$@" "$f"; fi
          done
          [ $# -eq 0 ] || awk '{ if (FNR == 1) print "begin " FILENAME; print " " $0 }' "$@\""""
              .formatted(PROXY),
          AptFiles::parse);

  /** Copies the map. */
  AptFiles {
    contents = Map.copyOf(contents);
  }

  Optional<String> content(String path) {
    return Optional.ofNullable(contents.get(path));
  }

  /** Whether the file is there with just this content. */
  boolean has(String path, String content) {
    return content(path).equals(Optional.of(content));
  }

  private static AptFiles parse(String text) {
    Map<String, StringBuilder> contents = new TreeMap<>();
    StringBuilder open = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith("file ")) {
        // Named before it is read, because awk says nothing of an empty file.
        contents.put(line.substring("file ".length()), new StringBuilder());
      } else if (line.startsWith("begin ")) {
        open =
            contents.computeIfAbsent(line.substring("begin ".length()), k -> new StringBuilder());
      } else {
        open.append(line.isEmpty() ? "" : line.substring(1)).append('\n');
      }
    }
    Map<String, String> result = new TreeMap<>();
    contents.forEach((path, content) -> result.put(path, content.toString()));
    return new AptFiles(result);
  }
}
