package org.workr.keys;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.packages.OpenPgpKey;
import org.workr.value.HttpUrl;
import org.workr.value.SshPublicKey;

/** What a pin brings, in lines for people: keys by their fingerprints. */
final class PinNews {
  private static final String ARMOR = "-----BEGIN ";

  private PinNews() {}

  /** The difference between two answers of {@code url}. */
  static List<String> of(HttpUrl url, Optional<String> before, String after) {
    Set<String> old = new LinkedHashSet<>(before.map(PinNews::keys).orElse(List.of()));
    Set<String> now = new LinkedHashSet<>(keys(after));
    List<String> lines = new ArrayList<>();
    if (before.isPresent() && old.equals(now)) {
      lines.add("keys of " + url + ": as pinned");
      return lines;
    }
    lines.add("keys of " + url + (before.isPresent() ? ": CHANGED" : ": pinned"));
    now.stream().filter(key -> !old.contains(key)).forEach(key -> lines.add("  + " + key));
    old.stream().filter(key -> !now.contains(key)).forEach(key -> lines.add("  - " + key));
    return lines;
  }

  private static List<String> keys(String answer) {
    if (answer.startsWith(ARMOR)) {
      return List.of("OpenPGP " + OpenPgpKey.parse(answer));
    }
    return SshPublicKey.parseAll(answer).stream()
        .map(key -> (key.type() + " " + key.fingerprint() + " " + key.comment()).strip())
        .toList();
  }
}
