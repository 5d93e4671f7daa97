package org.workr.capability.container;

import java.util.ArrayList;
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
 * What is known of the workers' containers: which R is in them, and the keys that their SSH servers
 * prove. As text, which belongs into version control: a word for the kind and a value on each line;
 * lines that start with # and blank lines are for people.
 *
 * @param rVersion such as {@code 4.4.2}; empty when it is not known
 * @param rscript absolute path of Rscript(1) in the container
 * @param hostKeys of each worker, in the order of the file
 */
public record ContainerLock(
    Optional<String> rVersion, String rscript, Map<Hostname, List<SshPublicKey>> hostKeys) {

  /** Where the images of Rocker have it, and where Debian's packages link it to. */
  public static final String RSCRIPT = "/usr/local/bin/Rscript";

  private static final Pattern VERSION = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){2}");
  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_.+-]+)+");

  /** Copies the collections. */
  public ContainerLock {
    Map<Hostname, List<SshPublicKey>> copy = new LinkedHashMap<>();
    hostKeys.forEach((host, keys) -> copy.put(host, List.copyOf(keys)));
    hostKeys = Collections.unmodifiableMap(copy);
  }

  /** The keys of {@code host}; empty when none is known. */
  public List<SshPublicKey> hostKeys(Hostname host) {
    return Optional.ofNullable(hostKeys.get(host)).orElse(List.of());
  }

  /**
   * What {@code text} says.
   *
   * @throws InvalidValueException when a line says nothing that is known
   */
  public static ContainerLock parse(String text) {
    Optional<String> version = Optional.empty();
    String rscript = RSCRIPT;
    Map<Hostname, List<SshPublicKey>> keys = new LinkedHashMap<>();
    List<String> lines = text.lines().map(String::strip).toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String[] words = line.split("\\s+", 2);
      String value = words.length > 1 ? words[1] : "";
      switch (words[0]) {
        case "r" -> version = Optional.of(matching(VERSION, value, i, "a version of R like 4.4.2"));
        case "rscript" -> rscript = matching(PATH, value, i, "an absolute path like " + RSCRIPT);
        case "host-key" -> addKey(keys, value, i);
        default ->
            throw damaged(
                i,
                "'" + words[0] + "' is no word of this file",
                "There are r, rscript and host-key.");
      }
    }
    return new ContainerLock(version, rscript, keys);
  }

  private static String matching(Pattern pattern, String value, int line, String what) {
    if (!pattern.matcher(value).matches()) {
      throw damaged(line, "'" + value + "' is not " + what, "Correct the line.");
    }
    return value;
  }

  private static void addKey(Map<Hostname, List<SshPublicKey>> keys, String value, int line) {
    String[] words = value.split("\\s+", 2);
    try {
      keys.computeIfAbsent(new Hostname(words[0]), host -> new ArrayList<>())
          .add(SshPublicKey.parse(words.length > 1 ? words[1] : ""));
    } catch (InvalidValueException e) {
      throw damaged(line, e.summary(), e.hint());
    }
  }

  private static InvalidValueException damaged(int line, String what, String whatToDo) {
    return new InvalidValueException("line " + (line + 1) + ": " + what, whatToDo);
  }
}
