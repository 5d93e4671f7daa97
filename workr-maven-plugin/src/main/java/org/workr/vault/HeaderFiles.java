package org.workr.vault;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.workr.diagnostic.Diagnostic;
import org.workr.engine.HeaderStore;
import org.workr.file.DurableFile;
import org.workr.file.FileGuard;
import org.workr.secret.Keystore;
import org.workr.secret.Secret;
import org.workr.secret.SecretException;
import org.workr.secret.SecretStore;
import org.workr.value.Hostname;

/**
 * Copies of LUKS headers in a folder beside the project's keystore, {@code workr-headers} beside
 * {@code workr.p12}, in a folder of each host. They are encrypted with the keystore's password in
 * the form of {@code openssl enc}; docs/recovery.md opens them without workr. Folders and files are
 * their owner's. Safe for use by several threads, and beside other processes.
 *
 * <p>A copy is destroyed by overwriting it with zeros, which {@link DurableFile#destroy} cannot
 * promise to be the end of it. One that survives on an SSD or in a backup is still encrypted.
 */
public final class HeaderFiles implements HeaderStore {
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
  private static final String GUARDED = "headers";

  /** What {@link FileGuard} leaves there for good. */
  private static final String LOCK = "." + GUARDED + ".lock";

  private static final Pattern WORD = Pattern.compile("[a-z0-9-]{1,80}");

  private final SecretStore secrets;
  private final Path folder;
  private final Clock clock;
  private final int iterations;

  /**
   * The copies beside the keystore of {@code secrets}.
   *
   * @param secrets tells the keystore's password; closed by the caller
   * @param clock tells since when a copy is stored
   */
  public HeaderFiles(SecretStore secrets, Clock clock) {
    this(secrets, clock, OpenSslForm.ITERATIONS);
  }

  HeaderFiles(SecretStore secrets, Clock clock, int iterations) {
    Path keystore = secrets.keystoreFile().toAbsolutePath();
    String name = keystore.getFileName().toString().replaceFirst("\\.p12$", "");
    this.secrets = secrets;
    this.folder = keystore.resolveSibling(name + "-headers");
    this.clock = clock;
    this.iterations = iterations;
  }

  /** Where they are; it need not exist. */
  public Path folder() {
    return folder;
  }

  /** Why nothing could be stored, with what to do; to be asked before a host is changed. */
  public Optional<Diagnostic> problem() {
    try {
      secrets.keystoreToWrite();
      return Optional.empty();
    } catch (SecretException e) {
      return Optional.of(e.diagnostic());
    }
  }

  @Override
  public boolean possible() {
    return problem().isEmpty();
  }

  @Override
  public List<Stored> stored(Hostname host) {
    try {
      return names(host).stream()
          .map(HeaderFileName::parse)
          .flatMap(Optional::stream)
          .map(name -> new Stored(name.uuid(), name.id(), name.since()))
          .toList();
    } catch (IOException e) {
      throw failed(host, "cannot be listed", e, "See that the folder can be read.");
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>One at a time, as each takes a few times the header's size of memory.
   */
  @Override
  @SuppressWarnings("try") // the guard is held, not used
  public synchronized void store(Hostname host, String uuid, String id, byte[] header) {
    words(host, uuid, id);
    HeaderFileName name = new HeaderFileName(uuid, id, clock.instant().getEpochSecond());
    try {
      Keystore keystore = secrets.keystoreToWrite();
      DurableFile.makePrivateFolder(of(host));
      keepOutOfVersionControl();
      try (FileGuard guard = guard(host);
          Secret password = keystore.password();
          OpenSslForm form = new OpenSslForm(password, iterations)) {
        while (Files.exists(of(host).resolve(name.toString()))) {
          name = name.later();
        }
        write(of(host).resolve(name.toString()), header, form);
        destroyOlder(host, name);
      }
    } catch (SecretException e) {
      throw new IllegalStateException(e.getMessage(), e);
    } catch (IOException | GeneralSecurityException e) {
      throw failed(
          host,
          "cannot be stored",
          e,
          "The ones before are still there. Mend the cause and run the goal again.");
    }
  }

  @Override
  public synchronized void destroy(Hostname host, String uuid) {
    words(host, uuid);
    destroyGuarded(host, name -> ofDevice(name, uuid));
  }

  @Override
  public synchronized void destroyAll(Hostname host) {
    destroyGuarded(host, name -> true);
  }

  @SuppressWarnings("try") // the guard is held, not used
  private void destroyGuarded(Hostname host, Predicate<String> which) {
    try {
      if (Files.isDirectory(of(host))) {
        try (FileGuard guard = guard(host)) {
          destroyEach(host, which);
        }
      }
    } catch (IOException e) {
      throw failed(host, "cannot be destroyed", e, "Mend the cause and run the goal again.");
    }
  }

  private static void write(Path file, byte[] header, OpenSslForm form)
      throws IOException, GeneralSecurityException {
    DurableFile.write(file, form.encrypt(header), DurableFile.Readers.OWNER);
    boolean proven = false;
    try {
      proven = form.holds(file, header);
      if (!proven) {
        throw new FileSystemException(file.toString(), null, "it reads back as something else");
      }
    } finally {
      if (!proven) {
        DurableFile.destroy(file);
      }
    }
  }

  private void destroyOlder(Hostname host, HeaderFileName newest) {
    try {
      destroyEach(host, name -> ofDevice(name, newest.uuid()) && !name.equals(newest.toString()));
    } catch (IOException e) {
      throw failed(
          host,
          "is stored, but one before it cannot be destroyed",
          e,
          "Remove all but '" + newest + "', or mend the cause and run the goal again.");
    }
  }

  /** Also what was being written when a run was ended, whose name begins with a dot. */
  private static boolean ofDevice(String name, String uuid) {
    return name.startsWith(uuid + ".") || name.startsWith("." + uuid + ".");
  }

  private void destroyEach(Hostname host, Predicate<String> which) throws IOException {
    for (String name : names(host)) {
      if (which.test(name) && !name.equals(LOCK)) {
        DurableFile.destroy(of(host).resolve(name));
      }
    }
  }

  private List<String> names(Hostname host) throws IOException {
    if (Files.notExists(of(host))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(of(host))) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A history that keeps every version keeps what is to be destroyed. */
  private void keepOutOfVersionControl() throws IOException {
    Path ignore = folder.resolve(".gitignore");
    if (Files.notExists(ignore)) {
      DurableFile.write(ignore, "*\n");
    }
  }

  private Path of(Hostname host) {
    return folder.resolve(host.value());
  }

  private FileGuard guard(Hostname host) throws IOException {
    return FileGuard.of(of(host).resolve(GUARDED), LONGEST_WAIT);
  }

  /** They come from a host, and become the name of a file. */
  private static void words(Hostname host, String... words) {
    for (String word : words) {
      if (!WORD.matcher(word).matches()) {
        throw new IllegalStateException(
            host
                + ": '"
                + word
                + "' cannot be in the name of a LUKS header's copy. Look at the host: the UUID of"
                + " its disk should be lower-case letters, digits and hyphens.");
      }
    }
  }

  private IllegalStateException failed(Hostname host, String what, Exception cause, String hint) {
    String reason =
        cause instanceof FileSystemException file && file.getReason() != null
            ? file.getReason()
            : cause.getClass().getSimpleName();
    return new IllegalStateException(
        "header copies in " + of(host) + ": one " + what + " (" + reason + "). " + hint, cause);
  }
}
