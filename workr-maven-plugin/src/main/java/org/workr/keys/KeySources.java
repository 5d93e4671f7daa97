package org.workr.keys;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.workr.capability.accounts.AuthorizedKey;
import org.workr.capability.accounts.KeyFile;
import org.workr.capability.accounts.KeyUrl;
import org.workr.capability.accounts.LiteralKey;
import org.workr.capability.packages.OpenPgpKey;
import org.workr.capability.packages.RepositorySpec;
import org.workr.diagnostic.Diagnostic;
import org.workr.file.DurableFile;
import org.workr.spec.ClusterSpec;
import org.workr.value.FilePath;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;
import org.workr.value.SshPublicKey;

/**
 * Replaces the files and web addresses of public keys in a spec by the keys. An address is asked
 * once; its answer is pinned in {@code workr-keys.lock} beside the pom and used from then on, so
 * who holds the address tomorrow cannot let anybody in.
 */
public final class KeySources {
  /** Name of the file of pins in the project's directory. */
  public static final String PINS_FILE = "workr-keys.lock";

  private static final int LARGEST_FILE = 1 << 20;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** Which addresses are asked. */
  public enum Asking {
    /** None; an address without a pin is a warning, and its keys are left out. */
    NONE,
    /** None, and an address without a pin is an error: Maven is offline. */
    OFFLINE,
    /** Those without a pin. */
    MISSING,
    /** All. */
    ALL
  }

  /**
   * What came of it.
   *
   * @param spec with keys in the place of every file and address that could be read
   * @param problems what could not be read
   * @param news what was pinned or pinned anew, for people
   */
  public record Resolved(ClusterSpec spec, List<Diagnostic> problems, List<String> news) {

    /** Copies the lists. */
    public Resolved {
      problems = List.copyOf(problems);
      news = List.copyOf(news);
    }
  }

  private final Path pinsFile;
  private final Function<FilePath, Path> files;
  private final Asking asking;
  private final Web web;
  private final List<Diagnostic> problems = new ArrayList<>();
  private final List<String> news = new ArrayList<>();
  private Pins pins = new Pins(Map.of());

  KeySources(Path basedir, Function<FilePath, Path> files, Asking asking, Web web) {
    this.pinsFile = basedir.resolve(PINS_FILE);
    this.files = files;
    this.asking = asking;
    this.web = web;
  }

  /**
   * Resolves the keys of {@code spec}.
   *
   * @param basedir the project's directory
   * @param files where a path of the pom is
   */
  public static Resolved resolve(
      ClusterSpec spec, Path basedir, Function<FilePath, Path> files, Asking asking) {
    return new KeySources(basedir, files, asking, new HttpWeb(LIMIT)).resolve(spec);
  }

  Resolved resolve(ClusterSpec spec) {
    try {
      pins = Files.exists(pinsFile) ? Pins.parse(Files.readString(pinsFile)) : pins;
    } catch (InvalidValueException e) {
      return failed(spec, Diagnostic.error(PINS_FILE, e.summary(), e.hint()));
    } catch (IOException e) {
      return failed(spec, Diagnostic.error(PINS_FILE, "it cannot be read", "Mend its rights."));
    }
    Pins before = pins;
    ClusterSpec resolved =
        spec.withAuthorizedKeys(
                authorizedKeys("cluster.ssh.authorizedKeys", spec.ssh().authorizedKeys()))
            .withRepositories(repositories(spec));
    if (spec.container().isPresent()) {
      resolved =
          resolved.withContainerKeys(
              authorizedKeys(
                  "cluster.container.authorizedKeys", spec.container().get().authorizedKeys()));
    }
    if (!pins.equals(before)) {
      try {
        DurableFile.write(pinsFile, pins.text());
      } catch (IOException e) {
        problems.add(
            Diagnostic.error(
                PINS_FILE,
                "it cannot be written, so keys that were fetched are not pinned",
                "See that " + pinsFile.getParent() + " can be written and has room."));
      }
    }
    return new Resolved(resolved, problems, news);
  }

  private static Resolved failed(ClusterSpec spec, Diagnostic problem) {
    return new Resolved(spec, List.of(problem), List.of());
  }

  private List<AuthorizedKey> authorizedKeys(String path, List<AuthorizedKey> declared) {
    // By the key itself: who stands in a file and in the pom is one person.
    Map<String, AuthorizedKey> keys = new LinkedHashMap<>();
    for (int i = 0; i < declared.size(); i++) {
      for (SshPublicKey key : keys(path + "[" + i + "]", declared.get(i))) {
        keys.putIfAbsent(key.type() + " " + key.blob(), new LiteralKey(key));
      }
    }
    return List.copyOf(keys.values());
  }

  private List<SshPublicKey> keys(String path, AuthorizedKey declared) {
    if (declared instanceof KeyFile file) {
      return read(path, file.path())
          .flatMap(bytes -> checked(path, () -> SshPublicKey.parseAll(utf8(bytes))))
          .orElse(List.of());
    }
    if (declared instanceof KeyUrl url) {
      Form form = bytes -> lines(SshPublicKey.parseAll(utf8(bytes)));
      return pinned(path, url.url(), false, form)
          .flatMap(text -> checked(path, () -> SshPublicKey.parseAll(text)))
          .orElse(List.of());
    }
    return List.of(((LiteralKey) declared).key());
  }

  private List<RepositorySpec> repositories(ClusterSpec spec) {
    List<RepositorySpec> resolved = new ArrayList<>();
    List<RepositorySpec> declared = spec.packages().repositories();
    for (int i = 0; i < declared.size(); i++) {
      resolved.add(repository("cluster.packages.repositories[" + i + "]", declared.get(i)));
    }
    return resolved;
  }

  private RepositorySpec repository(String path, RepositorySpec declared) {
    if (declared.keyFile().isPresent()) {
      String at = path + ".keyFile";
      return read(at, declared.keyFile().get())
          .flatMap(bytes -> checked(at, () -> declared.withKey(OpenPgpKey.of(bytes))))
          .orElse(declared);
    }
    if (declared.keyUrl().isPresent()) {
      String at = path + ".keyUrl";
      // Encrypted or not: the pom has the key's fingerprint.
      Form form =
          bytes -> {
            OpenPgpKey key = OpenPgpKey.of(bytes);
            declared.withKey(key);
            return key.armored();
          };
      return pinned(at, declared.keyUrl().get(), true, form)
          .flatMap(text -> checked(at, () -> declared.withKey(OpenPgpKey.parse(text))))
          .orElse(declared);
    }
    return declared;
  }

  /** Checks what was answered, and gives it the form in which it is pinned. */
  private interface Form {
    String of(byte[] answer);
  }

  private Optional<String> pinned(String path, HttpUrl url, boolean plain, Form form) {
    Optional<String> pin = pins.of(url);
    if (asking != Asking.ALL && (pin.isPresent() || asking != Asking.MISSING)) {
      if (pin.isEmpty()) {
        problems.add(unasked(path, url));
      }
      return pin;
    }
    Optional<String> answer = ask(path, url, plain, form);
    answer.ifPresent(
        text -> {
          news.addAll(PinNews.of(url, pin, text));
          pins = pins.with(url, text);
        });
    return answer;
  }

  private Diagnostic unasked(String path, HttpUrl url) {
    return asking == Asking.NONE
        ? Diagnostic.warning(
            path,
            "the keys at '" + url + "' are not known yet",
            "The first mvn workr:plan or workr:provision asks for them and pins them in "
                + PINS_FILE
                + ".")
        : Diagnostic.error(
            path,
            "the keys at '" + url + "' are not known yet, and Maven is offline",
            "Run the goal once without --offline; the answer is pinned in " + PINS_FILE + ".");
  }

  private Optional<String> ask(String path, HttpUrl url, boolean plain, Form form) {
    byte[] answer;
    try {
      answer = web.get(URI.create(url.value()), plain);
    } catch (IOException e) {
      problems.add(
          Diagnostic.error(
              path,
              "'" + url + "' could not be asked for keys: " + e.getMessage(),
              "Try the address in a browser. Behind a proxy, run Maven with -Dhttps.proxyHost and"
                  + " -Dhttps.proxyPort."));
      return Optional.empty();
    }
    return checked(path, () -> form.of(answer));
  }

  private Optional<byte[]> read(String path, FilePath declared) {
    Path file = files.apply(declared);
    try {
      if (Files.isRegularFile(file) && Files.size(file) > LARGEST_FILE) {
        problems.add(
            Diagnostic.error(path, "'" + declared + "' is too large", "Name a file of keys."));
        return Optional.empty();
      }
      return Optional.of(Files.readAllBytes(file));
    } catch (IOException e) {
      problems.add(unreadable(path, declared, file, e));
    }
    return Optional.empty();
  }

  static Diagnostic unreadable(String path, FilePath declared, Path file, IOException trouble) {
    return trouble instanceof NoSuchFileException
        ? Diagnostic.error(
            path,
            "there is no file '" + declared + "'",
            "Looked for at " + file + ". Correct the path, or put the file there.")
        : Diagnostic.error(
            path, "'" + declared + "' cannot be read", "It must be a file that you may read.");
  }

  private interface Parser<T> {
    T parse();
  }

  private <T> Optional<T> checked(String path, Parser<T> parser) {
    try {
      return Optional.of(parser.parse());
    } catch (InvalidValueException e) {
      problems.add(Diagnostic.error(path, e.summary(), e.hint()));
      return Optional.empty();
    }
  }

  private static String lines(List<SshPublicKey> keys) {
    return String.join("\n", keys.stream().map(SshPublicKey::line).toList());
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
