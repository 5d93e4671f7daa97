package org.workr.connection;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.file.DurableFile;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.Hostname;
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
 * threads of one process.
 */
public final class KnownHosts {
  private static final String PENDING = "workr:pending";

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
    return lines().stream()
        .filter(line -> line.names(host) && line.pending() == pending)
        .map(line -> line.key().fingerprint())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /** Adds keys that {@code host} may have from now on, in place of others that were pending. */
  public synchronized void addPending(Host host, List<SshPublicKey> keys) {
    List<Line> lines = new ArrayList<>(lines());
    lines.removeIf(line -> line.names(host.hostname()) && line.pending());
    String names =
        name(host.hostname().value(), host) + "," + name(host.address().ip().toString(), host);
    for (SshPublicKey key : keys) {
      lines.add(new Line(names + " " + key.type() + " " + key.blob() + " " + PENDING));
    }
    write(lines);
  }

  /** Makes the pending keys of {@code host} its only ones. */
  public synchronized void confirm(Hostname host) {
    List<Line> lines = new ArrayList<>();
    for (Line line : lines()) {
      if (!line.names(host)) {
        lines.add(line);
      } else if (line.pending()) {
        lines.add(
            new Line(line.text().substring(0, line.text().length() - PENDING.length()).strip()));
      }
    }
    write(lines);
  }

  private static String name(String name, Host host) {
    return host.port() == 22 ? name : "[" + name + "]:" + host.port();
  }

  /** A line as it stands in the file. */
  private record Line(String text) {

    boolean names(Hostname host) {
      String first = text.strip().split("[ \t,]", 2)[0];
      return first.equals(host.value()) || first.startsWith("[" + host + "]:");
    }

    boolean pending() {
      return text.endsWith(" " + PENDING);
    }

    SshPublicKey key() {
      return SshPublicKey.parse(text.strip().split("[ \t]+", 2)[1]);
    }
  }

  private List<Line> lines() {
    try {
      return Files.exists(file)
          ? Files.readAllLines(file).stream().map(Line::new).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("The pinned host keys in " + file + " cannot be read", e);
    }
  }

  private void write(List<Line> lines) {
    String text =
        Stream.concat(lines.stream().map(Line::text).filter(line -> !line.isBlank()), Stream.of(""))
            .collect(Collectors.joining("\n"));
    try {
      DurableFile.write(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The host keys could not be pinned in " + file + "; nothing was changed on the host", e);
    }
  }
}
