package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What else configures the interface: found in the files of one back end, workr's own left out.
 *
 * @param claims places that have to give way
 * @param obstacles what makes it impossible to let them give way, as sentences without a full stop
 */
record Claims(List<Claim> claims, List<String> obstacles) {

  /**
   * One place.
   *
   * @param path the file
   * @param id what it calls the interface
   * @param whole whether the file is about nothing else and can go
   * @param settings what it sets, as the names of the settings
   */
  record Claim(String path, String id, boolean whole, List<String> settings) {
    /** Copies the list. */
    Claim {
      settings = List.copyOf(settings);
    }
  }

  static final Claims NONE = new Claims(List.of(), List.of());

  /** Copies the lists. */
  Claims {
    claims = List.copyOf(claims);
    obstacles = List.copyOf(obstacles);
  }

  /**
   * From lines {@code claim PATH<tab>ID<tab>whole|part<tab>SETTING,...} and {@code obstacle TEXT};
   * lines with other keys are left to others.
   */
  static Claims parse(KeyedLines lines, String own) {
    List<Claim> claims = new ArrayList<>();
    for (String line : lines.all("claim")) {
      String[] words = line.split("\t", -1);
      if (words.length != 4) {
        throw new IllegalArgumentException("'" + line + "' is not a claim");
      }
      if (!words[0].equals(own)) {
        claims.add(
            new Claim(
                words[0],
                words[1],
                words[2].equals("whole"),
                words[3].equals("-") ? List.of() : List.of(words[3].split(","))));
      }
    }
    return new Claims(claims, lines.all("obstacle"));
  }

  /** What the claims set that workr does not set instead, with the file; empty when nothing. */
  Optional<String> lost(List<String> replaced) {
    List<String> lost = new ArrayList<>();
    for (Claim claim : claims) {
      claim.settings().stream()
          .filter(setting -> !replaced.contains(setting))
          .forEach(setting -> lost.add(setting + " (" + claim.path() + ")"));
    }
    return lost.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", lost));
  }
}
