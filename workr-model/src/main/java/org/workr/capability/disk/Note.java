package org.workr.capability.disk;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What workr has noted in a LUKS header, as a token of its own: the header goes wherever the keys
 * go, and cryptsetup keeps a token's keyslots right when it renumbers them.
 *
 * @param token its number
 * @param keyslots those that it speaks of
 * @param machine of which machine it was true; a clone has the note and is another machine
 * @param since when it became true
 * @param detail what the kind of note has besides
 */
record Note(int token, Set<Integer> keyslots, String machine, Instant since, JsonNode detail) {

  /** What can be noted. */
  enum Kind {
    /** The keyslot that the host's passphrase opens, and how many it has had. */
    PASSPHRASE("workr-passphrase"),
    /** The keyslot of the binding that workr made and proved. */
    BINDING("workr-binding"),
    /** That the volume key was made on this machine. */
    VOLUME_KEY("workr-volume-key"),
    /** That a new volume key was begun, instead of which one; until the new one is noted. */
    VOLUME_KEY_BEGUN("workr-volume-key-begun"),
    /**
     * That the machine came back by itself when workr restarted it, and with which binding. Another
     * restart proves nothing: somebody may have typed the passphrase.
     */
    UNLOCK("workr-unlock");

    private final String type;

    Kind(String type) {
      this.type = type;
    }

    /** The type of the token. */
    String type() {
      return type;
    }
  }

  /** Copies the set. */
  Note {
    keyslots = Set.copyOf(keyslots);
  }

  /** The note of a kind, when it was made on the machine {@code machine}. */
  static Optional<Note> of(LuksHeader header, Kind kind, String machine) {
    return header.tokens(kind.type()).stream()
        .map(Note::read)
        .filter(note -> note.machine().equals(machine))
        .findFirst();
  }

  private static Note read(LuksHeader.Token token) {
    String since = token.json().path("since").asString("");
    return new Note(
        token.id(),
        token.keyslots(),
        token.json().path("machine").asString(""),
        since.matches("\\d{1,12}") ? Instant.ofEpochSecond(Long.parseLong(since)) : Instant.EPOCH,
        token.json());
  }

  /** How many passphrases the host has had, this one among them. */
  int generation() {
    String generation = detail.path("generation").asString("");
    return generation.matches("\\d{1,6}") ? Integer.parseInt(generation) : 1;
  }

  /** In which run of the machine it was noted. */
  Optional<String> boot() {
    return Optional.of(detail.path("boot").asString("")).filter(id -> !id.isEmpty());
  }

  /** When the binding was made that it speaks of. */
  Optional<Instant> binding() {
    String binding = detail.path("binding").asString("");
    return binding.matches("\\d{1,12}")
        ? Optional.of(Instant.ofEpochSecond(Long.parseLong(binding)))
        : Optional.empty();
  }

  /** The salt of the volume key that it speaks of. */
  String volumeKey() {
    return detail.path("digest").asString("");
  }
}
