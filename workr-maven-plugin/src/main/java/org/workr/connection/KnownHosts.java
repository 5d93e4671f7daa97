package org.workr.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.file.DurableFile;
import org.workr.file.FileGuard;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InvalidValueException;
import org.workr.value.Ipv4;
import org.workr.value.SshPublicKey;

/**
 * The host keys that are pinned, in a file of OpenSSH's known_hosts form (sshd(8), SSH_KNOWN_HOSTS
 * FILE FORMAT), which belongs into version control beside the pom.
 *
 * <p>A line names a host by its hostname and its final address. A key that a host is about to get
 * is <em>pending</em>, which its comment says; the first time that the host proves it, it is
 * confirmed, and every older key of the host is dropped. Lines that name no host of workr's stay as
 * they are.
 *
 * <p>Each change reads the file anew, writes a neighbour, syncs it and renames it. Safe for many
 * threads and processes of one machine.
 */
public final class KnownHosts {
  private static final String PENDING = "workr:pending";
  private static final String REVOKED = "@revoked";
  private static final Duration OTHERS = Duration.ofSeconds(30);
  private static final Pattern COMMA = Pattern.compile(",");
  private static final Pattern PORT = Pattern.compile("^\\[(.*)]:[0-9]+$");

  private final Path file;

  /**
   * @param file need not exist
   */
  public KnownHosts(Path file) {
    this.file = file;
  }

  /** Where the keys are. */
  public Path file() {
    return file;
  }

  /** The keys that {@code host} has proven to have. */
  public Set<Fingerprint> confirmed(Hostname host) {
    return fingerprints(host, false);
  }

  /** The keys that {@code host} may have from now on. */
  public Set<Fingerprint> pending(Hostname host) {
    return fingerprints(host, true);
  }

  private synchronized Set<Fingerprint> fingerprints(Hostname host, boolean pending) {
    Set<Fingerprint> fingerprints = new LinkedHashSet<>();
    List<Line> lines = lines();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (line.names(host) && line.pending() == pending) {
        fingerprints.add(fingerprint(line, i + 1));
      }
    }
    return fingerprints;
  }

  private Fingerprint fingerprint(Line line, int number) {
    try {
      return line.key().fingerprint();
    } catch (InvalidValueException e) {
      throw new InvalidValueException(
          "line " + number + " of " + file + " pins no key: " + e.summary(),
          "Correct the line or take it out. " + e.hint());
    }
  }

  /** Keys that nobody may have, whichever host they stand for. */
  public synchronized Set<Fingerprint> revoked() {
    Set<Fingerprint> fingerprints = new LinkedHashSet<>();
    for (Line line : lines()) {
      String text = line.text().strip();
      if (text.startsWith(REVOKED)) {
        revokedKey(text).map(SshPublicKey::fingerprint).ifPresent(fingerprints::add);
      }
    }
    return fingerprints;
  }

  /** What follows the hosts; empty for a kind of key that is not used here anyway. */
  private static Optional<SshPublicKey> revokedKey(String text) {
    String[] fields = text.split("\\s+", 3);
    try {
      return fields.length < 3 ? Optional.empty() : Optional.of(SshPublicKey.parse(fields[2]));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  /**
   * Adds keys that {@code host} may have from now on, in place of others that were pending.
   *
   * @throws UncheckedIOException when the file cannot be written
   */
  public void addPending(Host host, List<SshPublicKey> keys) {
    String names =
        name(host.hostname().value(), host) + "," + name(host.address().ip().toString(), host);
    change(
        before -> {
          List<Line> lines = new ArrayList<>(before);
          lines.removeIf(line -> line.names(host.hostname()) && line.pending());
          for (SshPublicKey key : keys) {
            lines.add(new Line(names + " " + key.type() + " " + key.blob() + " " + PENDING));
          }
          return lines;
        });
  }

  /**
   * Makes the pending keys of {@code host} its only ones; without any, nothing changes.
   *
   * @throws UncheckedIOException when the file cannot be written
   */
  public void confirm(Hostname host) {
    change(
        before -> {
          if (before.stream().noneMatch(line -> line.names(host) && line.pending())) {
            return before;
          }
          return before.stream()
              .filter(line -> !line.names(host) || line.pending())
              .map(line -> line.names(host) ? line.confirmed() : line)
              .toList();
        });
  }

  /** The addresses by which the keys of {@code host} are pinned: where it was, or is to be. */
  public synchronized List<Ipv4> addresses(Hostname host) {
    return lines().stream()
        .filter(line -> line.names(host))
        .flatMap(line -> Stream.of(COMMA.split(line.names())))
        .flatMap(name -> address(name).stream())
        .distinct()
        .toList();
  }

  /** The names of other hosts than {@code host} under which keys are pinned by its addresses. */
  public synchronized List<String> othersAt(Hostname host, Collection<Ipv4> addresses) {
    return lines().stream()
        .filter(line -> !line.names(host))
        .map(line -> List.of(COMMA.split(line.names())))
        .filter(
            names -> names.stream().flatMap(n -> address(n).stream()).anyMatch(addresses::contains))
        .flatMap(List::stream)
        .filter(name -> address(name).isEmpty())
        .map(name -> PORT.matcher(name).replaceFirst("$1"))
        .distinct()
        .toList();
  }

  /**
   * Pins the keys of {@code host} by its declared address too, beside those that it had before.
   *
   * @throws UncheckedIOException when the file cannot be written
   */
  public void seenAt(Host host) {
    change(
        before ->
            before.stream()
                .map(line -> line.names(host.hostname()) ? line.alsoAt(host) : line)
                .toList());
  }

  /**
   * Pins the keys of {@code host} by its declared address, in place of those that it had before.
   *
   * @throws UncheckedIOException when the file cannot be written
   */
  public void readdress(Host host) {
    change(
        before ->
            before.stream()
                .map(line -> line.names(host.hostname()) ? line.at(host) : line)
                .toList());
  }

  private static Optional<Ipv4> address(String name) {
    try {
      return Optional.of(Ipv4.parse(PORT.matcher(name).replaceFirst("$1")));
    } catch (InvalidValueException e) {
      return Optional.empty(); // a hostname, then
    }
  }

  private static String name(String name, Host host) {
    return host.port() == 22 ? name : "[" + name + "]:" + host.port();
  }

  /** A line as it stands in the file. */
  private record Line(String text) {
    private static final Pattern FIELDS = Pattern.compile("([^#@|\\s]\\S*)\\s*(.*)");

    /** The host field; empty for what is no plain pin: comments, markers, hashed names. */
    private String names() {
      Matcher matcher = FIELDS.matcher(text.strip());
      return matcher.matches() ? matcher.group(1) : "";
    }

    boolean names(Hostname host) {
      return Stream.of(COMMA.split(names()))
          .anyMatch(name -> name.equals(host.value()) || name.startsWith("[" + host + "]:"));
    }

    /** The same with the address of {@code host} beside others. */
    Line alsoAt(Host host) {
      String own = name(host.address().ip().toString(), host);
      return List.of(COMMA.split(names())).contains(own)
          ? this
          : new Line(names() + "," + own + text.strip().substring(names().length()));
    }

    /** The same with the address of {@code host} where another one stands. */
    Line at(Host host) {
      String own = name(host.address().ip().toString(), host);
      String others =
          Stream.of(COMMA.split(names()))
              .map(name -> address(name).isPresent() ? own : name)
              .distinct()
              .collect(Collectors.joining(","));
      return new Line(others + text.strip().substring(names().length()));
    }

    boolean pending() {
      return text.endsWith(" " + PENDING);
    }

    Line confirmed() {
      return new Line(text.substring(0, text.length() - PENDING.length()).stripTrailing());
    }

    SshPublicKey key() {
      return SshPublicKey.parse(text.strip().substring(names().length()));
    }
  }

  private List<Line> lines() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Line::new).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("the pinned host keys in " + file + " cannot be read", e);
    }
  }

  private synchronized void change(UnaryOperator<List<Line>> change) {
    List<Line> unguarded = lines();
    if (change.apply(unguarded).equals(unguarded)) {
      return;
    }
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Files.createDirectories(target.resolveSibling(".").normalize());
      FileGuard guard = FileGuard.of(target, OTHERS);
      try (guard) {
        write(change.apply(lines()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the host keys could not be pinned in " + file + ": " + e.getMessage(), e);
    }
  }

  private void write(List<Line> lines) throws IOException {
    String text = lines.stream().map(line -> line.text() + "\n").collect(Collectors.joining());
    DurableFile.write(file, text);
  }
}
