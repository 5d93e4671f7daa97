package org.workr.capability.accounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.value.SshPublicKey;

/**
 * The content of an {@code authorized_keys} file (sshd(8), AUTHORIZED_KEYS FILE FORMAT).
 *
 * @param content all of it
 */
record KeyLines(String content) {
  private static final Pattern TYPE = Pattern.compile("(?:ssh|ecdsa|sk)-[A-Za-z0-9@.-]+");
  private static final Pattern ENTRY =
      Pattern.compile(
          "\\s*(?:((?:[^\\s\"]|\"(?:[^\"\\\\]|\\\\.)*\")+)\\s+)??("
              + TYPE
              + ")\\s+([A-Za-z0-9+/=]+)(?:\\s(.*))?");

  /**
   * With one of these options a line is no login: it runs one command, or is no key of a person.
   */
  private static final Pattern NO_LOGIN =
      Pattern.compile("(?i)(^|,)(command=|cert-authority(,|$))");

  private record Entry(String options, String type, String blob, String comment) {
    boolean mayLogIn() {
      return !NO_LOGIN.matcher(options).find();
    }

    /** As a person knows it. */
    String title() {
      String shown = comment.strip().replaceAll("\\p{Cntrl}", "?");
      try {
        return (new SshPublicKey(type, blob, "").fingerprint() + " " + shown).strip();
      } catch (IllegalArgumentException e) {
        return (type + " " + shown).strip();
      }
    }

    boolean is(SshPublicKey key) {
      return type.equals(key.type()) && blob.equals(key.blob());
    }
  }

  /** Whether any key may log in by it. */
  boolean hasKeys() {
    return content.lines().anyMatch(line -> entry(line).isPresent());
  }

  /** Fingerprint and comment of each key that may log in by it and is none of {@code keys}. */
  List<String> others(List<SshPublicKey> keys) {
    return content
        .lines()
        .flatMap(line -> entry(line).stream())
        .filter(entry -> entry.mayLogIn() && keys.stream().noneMatch(entry::is))
        .map(Entry::title)
        .toList();
  }

  /**
   * The file with every one of {@code keys} on a line that lets it log in. A line that binds one of
   * them to a command goes, because sshd takes the first that fits.
   *
   * @param exclusive whether other keys go
   */
  KeyLines with(List<SshPublicKey> keys, boolean exclusive) {
    List<SshPublicKey> missing = new ArrayList<>(keys);
    List<String> lines = new ArrayList<>();
    for (String line : content.lines().toList()) {
      Optional<Entry> entry = entry(line);
      boolean declared = entry.filter(e -> keys.stream().anyMatch(e::is)).isPresent();
      boolean login = entry.filter(Entry::mayLogIn).isPresent();
      if (entry.isEmpty() || (declared ? login : !exclusive)) {
        lines.add(line);
        entry.ifPresent(e -> missing.removeIf(e::is));
      }
    }
    missing.stream().map(SshPublicKey::line).distinct().forEach(lines::add);
    return new KeyLines(lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
  }

  private static Optional<Entry> entry(String line) {
    if (line.isBlank() || line.stripLeading().startsWith("#")) {
      return Optional.empty();
    }
    Matcher matcher = ENTRY.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String options = matcher.group(1);
    String comment = matcher.group(4);
    return Optional.of(
        new Entry(
            options == null ? "" : options,
            matcher.group(2),
            matcher.group(3),
            comment == null ? "" : comment));
  }
}
