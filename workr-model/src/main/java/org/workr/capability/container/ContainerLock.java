package org.workr.capability.container;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.workr.value.Hostname;
import org.workr.value.InvalidValueException;
import org.workr.value.SshPublicKey;

/**
 * What is fixed of the workers' containers until somebody updates it: the image, to the bit, what
 * it was made from, which R is in it, and the keys that the SSH servers of the containers prove. As
 * text, which belongs into version control: a word for the kind and a value on each line; lines
 * that start with # and blank lines are for people.
 *
 * @param made what the image was made from, by the words of {@link Recipe#WORDS}; empty when workr
 *     has not made one
 * @param build the name of what was made, on hosts of all architectures; empty when workr has not
 *     made one
 * @param base the image that it was made from, with its digest; empty when workr has not made one
 * @param images by the architecture, in the words of Docker
 * @param rVersion such as {@code 4.4.2}; empty when it is not known
 * @param rscript absolute path of Rscript(1) in the container
 * @param hostKeys of each worker, in the order of the file
 */
public record ContainerLock(
    Map<String, String> made,
    Optional<String> build,
    Optional<String> base,
    Map<String, Image> images,
    Optional<String> rVersion,
    String rscript,
    Map<Hostname, List<SshPublicKey>> hostKeys) {

  /** Where the images of Rocker have it, and where Debian's packages link it to. */
  public static final String RSCRIPT = "/usr/local/bin/Rscript";

  private static final String HEADER =
      """
      # Written by mvn workr:deploy-container. Keep it in version control: as long as it says the same, every deployment installs the
      # same image. mvn workr:deploy-container -Dworkr.updateLock=true makes another one.
      """;

  private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){2}");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_.+-]+)+");
  private static final Pattern IMAGE =
      Pattern.compile("([a-z0-9]{1,16}) (sha256:[0-9a-f]{64})(?: (\\S+@sha256:[0-9a-f]{64}))?");
  private static final Pattern BUILD = Pattern.compile("\\d{8}T\\d{6}Z");
  private static final Pattern BASE = Pattern.compile("\\S+@sha256:[0-9a-f]{64}");

  /**
   * An image.
   *
   * @param id digest of its configuration, and so of all that is in it
   * @param pushed where a registry has it, by its digest there; empty when none has
   */
  public record Image(String id, Optional<String> pushed) {}

  /** Copies the collections. */
  public ContainerLock {
    made = Collections.unmodifiableMap(new LinkedHashMap<>(made));
    images = Collections.unmodifiableMap(new LinkedHashMap<>(images));
    Map<Hostname, List<SshPublicKey>> copy = new LinkedHashMap<>();
    hostKeys.forEach((host, keys) -> copy.put(host, List.copyOf(keys)));
    hostKeys = Collections.unmodifiableMap(copy);
  }

  /** The keys of {@code host}; empty when none is known. */
  public List<SshPublicKey> hostKeys(Hostname host) {
    return Optional.ofNullable(hostKeys.get(host)).orElse(List.of());
  }

  /** The image for {@code architecture}; empty when there is none. */
  public Optional<Image> image(String architecture) {
    return Optional.ofNullable(images.get(architecture));
  }

  /**
   * What {@code text} says.
   *
   * @throws InvalidValueException when a line says nothing that is known
   */
  public static ContainerLock parse(String text) {
    return new Reader().all(text.lines().toList()).lock();
  }

  /**
   * The same with other lines: of what there is one of, they replace it; of hosts that they name,
   * all keys; and with another build, the images of that before and what they were made of.
   *
   * @throws InvalidValueException when a line says nothing that is known
   */
  public ContainerLock with(Collection<String> lines) {
    ContainerLock other = new Reader().all(List.copyOf(lines)).lock();
    Reader reader = new Reader().all(text().lines().toList());
    reader.keys.keySet().removeAll(other.hostKeys.keySet());
    if (other.build.isPresent() && !other.build.equals(build)) {
      reader.images.clear();
      reader.made.clear();
    }
    return reader.all(List.copyOf(lines)).lock();
  }

  /** The file. */
  public String text() {
    StringBuilder text = new StringBuilder(HEADER);
    made.forEach((word, value) -> line(text, word, value));
    build.ifPresent(value -> line(text, "build", value));
    base.ifPresent(value -> line(text, "base", value));
    images.forEach(
        (architecture, image) ->
            line(
                text,
                "image",
                architecture + " " + image.id + image.pushed.map(at -> " " + at).orElse("")));
    rVersion.ifPresent(version -> line(text, "r", version));
    line(text, "rscript", rscript);
    hostKeys.forEach(
        (host, keys) ->
            keys.forEach(
                key -> line(text, "host-key", host + " " + key.type() + " " + key.blob())));
    return text.toString();
  }

  private static void line(StringBuilder text, String word, String value) {
    text.append(word).append(' ').append(value).append('\n');
  }

  /** Reads line after line. */
  private static final class Reader {
    private final Map<String, String> made = new LinkedHashMap<>();
    private final Map<String, Image> images = new LinkedHashMap<>();
    private final Map<Hostname, List<SshPublicKey>> keys = new LinkedHashMap<>();
    private Optional<String> build = Optional.empty();
    private Optional<String> base = Optional.empty();
    private Optional<String> version = Optional.empty();
    private String rscript = RSCRIPT;

    Reader all(List<String> lines) {
      for (int i = 0; i < lines.size(); i++) {
        String line = lines.get(i).strip();
        if (!line.isEmpty() && !line.startsWith("#")) {
          String[] words = line.split("\\s+", 2);
          one(words[0], words.length > 1 ? words[1] : "", i);
        }
      }
      return this;
    }

    ContainerLock lock() {
      return new ContainerLock(made, build, base, images, version, rscript, keys);
    }

    private void one(String word, String value, int i) {
      if (Recipe.WORDS.contains(word)) {
        made.put(word, value);
        return;
      }
      switch (word) {
        case "build" ->
            build = Optional.of(matching(BUILD, value, i, "a time like 20261128T120000Z"));
        case "base" -> base = Optional.of(matching(BASE, value, i, "an image with its digest"));
        case "image" -> image(value, i);
        case "r" -> version = Optional.of(matching(VERSION, value, i, "a version of R like 4.4.2"));
        case "rscript" -> rscript = matching(PATH, value, i, "an absolute path like " + RSCRIPT);
        case "host-key" -> key(value, i);
        default ->
            throw damaged(
                i,
                "'" + word + "' is no word of this file",
                "There are "
                    + String.join(", ", Recipe.WORDS)
                    + ", build, base, image, r, rscript and host-key.");
      }
    }

    private void image(String value, int line) {
      var matcher =
          IMAGE.matcher(matching(IMAGE, value, line, "an architecture and the digest of an image"));
      if (matcher.matches()) {
        images.put(
            matcher.group(1), new Image(matcher.group(2), Optional.ofNullable(matcher.group(3))));
      }
    }

    private void key(String value, int line) {
      String[] words = value.split("\\s+", 2);
      try {
        keys.computeIfAbsent(new Hostname(words[0]), host -> new ArrayList<>())
            .add(SshPublicKey.parse(words.length > 1 ? words[1] : ""));
      } catch (InvalidValueException e) {
        throw damaged(line, e.summary(), e.hint());
      }
    }

    private static String matching(Pattern pattern, String value, int line, String what) {
      if (!pattern.matcher(value).matches()) {
        throw damaged(line, "'" + value + "' is not " + what, "Correct the line.");
      }
      return value;
    }

    private static InvalidValueException damaged(int line, String what, String whatToDo) {
      return new InvalidValueException("line " + (line + 1) + ": " + what, whatToDo);
    }
  }
}
