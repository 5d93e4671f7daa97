package org.workr.capability.network;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.workr.facts.Fact;
import org.workr.plan.Step;

/**
 * The files of workr's that are on the host.
 *
 * @param files SHA-256 and mode by path, as {@code 0f3a... 644}; a file that is not root's has its
 *     owner after the mode, and NetworkManager does not read it
 * @param cloudInit whether cloud-init is installed
 */
record OwnFiles(Map<String, String> files, boolean cloudInit) {
  static final String CLOUD_INIT = "/etc/cloud/cloud.cfg.d/99-workr-network.cfg";

  static final Step.WriteFile CLOUD_INIT_FILE =
      Step.file(CLOUD_INIT, "# " + Wanted.WRITTEN + "\nnetwork: {config: disabled}\n", "0644");

  static final Fact<OwnFiles> FACT =
      Fact.of(
          "network.files",
          """
          if [ -d /etc/cloud/cloud.cfg.d ]; then echo 'cloud-init yes'; else echo 'cloud-init no'; fi
          for file in FILES; do
            [ -f "$file" ] && [ ! -L "$file" ] || continue
            sum=$(sha256sum <"$file") || exit 1
            mode=$(stat -c '%a:%u:%g' "$file") || exit 1
            echo "file ${sum%% *} ${mode%:0:0} $file"
          done
          """
              .replace(
                  "FILES",
                  String.join(
                      " ",
                      List.of(
                          Netplan.PATH,
                          Ifupdown.PATH,
                          Networkd.PATH,
                          NmKeyfile.PATH,
                          Resolver.RESOLV_CONF,
                          Resolver.DROP_IN,
                          CLOUD_INIT,
                          Initramfs.CONF,
                          Initramfs.HOOK))),
          OwnFiles::parse);

  /** Copies the map. */
  OwnFiles {
    files = Map.copyOf(files);
  }

  private static OwnFiles parse(String text) {
    KeyedLines lines = KeyedLines.parse(text);
    Map<String, String> files = new HashMap<>();
    for (String line : lines.all("file")) {
      String[] words = line.split(" ", 3);
      if (words.length != 3) {
        throw new IllegalArgumentException("'" + line + "' is not a sum, a mode and a path");
      }
      files.put(words[2], words[0] + " " + words[1]);
    }
    return new OwnFiles(files, lines.first("cloud-init").orElse("").equals("yes"));
  }

  /** Whether {@code path} is there as a plain file. */
  boolean has(String path) {
    return files.containsKey(path);
  }

  /** Whether the host has {@code file} already, mode and all. */
  boolean has(Step.WriteFile file) {
    return (sha256(file.content()) + " " + file.mode().replaceFirst("^0+", ""))
        .equals(files.get(file.path()));
  }

  /** The SHA-256 of {@code text} in UTF-8, as 64 hexadecimal digits. */
  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
