package org.workr.capability.disk;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A LUKS device of a host.
 *
 * @param path for example {@code /dev/vda3}
 * @param uuid of its header
 * @param size in bytes
 * @param holders kernel names of the mappings that stand on it
 * @param sources what crypttab(5) calls it, of whatever kind the name is
 * @param header its metadata; empty when they cannot be read as LUKS2
 * @param machine what notes of workr must say to be of this machine
 * @param unit the state of the unit that re-encrypts it, as systemctl(1) calls it, and its result
 * @param progress the last line that a re-encryption has printed; may be empty
 */
record LuksDevice(
    String path,
    String uuid,
    long size,
    List<String> holders,
    List<String> sources,
    Optional<LuksHeader> header,
    String machine,
    String unit,
    String progress) {

  /** What cryptsetup before 2.5 prints. */
  private static final Pattern PERCENT = Pattern.compile("Progress: *(\\d{1,3})(?:\\.\\d+)?%");

  private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":\"(\\d{1,16})\"");

  /** Copies the list. */
  LuksDevice {
    holders = List.copyOf(holders);
    sources = List.copyOf(sources);
  }

  /** The same, when what is noted of it was true of the machine that it was copied from. */
  LuksDevice ofAnotherMachine() {
    return new LuksDevice(path, uuid, size, holders, sources, header, "", unit, progress);
  }

  /** What is noted of it, when it was noted on this machine. */
  Optional<Note> note(Note.Kind kind) {
    return header.flatMap(known -> Note.of(known, kind, machine));
  }

  /** When the thing noted became true; long ago when nothing is noted. */
  Instant since(Note.Kind kind) {
    return note(kind).map(Note::since).orElse(Instant.EPOCH);
  }

  /** Whether a process on the host works on its re-encryption. */
  boolean unitActive() {
    return unit.startsWith("active") || unit.startsWith("activating");
  }

  /** The same, or whether one is just ending, so that its header is better left alone. */
  boolean working() {
    return unitActive() || unit.startsWith("deactivating");
  }

  /** Whether the volume key was made on this machine, so that no template has it. */
  boolean volumeKeyOwn() {
    return header.flatMap(LuksHeader::volumeKey).isPresent()
        && note(Note.Kind.VOLUME_KEY)
            .map(Note::volumeKey)
            .equals(header.flatMap(LuksHeader::volumeKey));
  }

  /**
   * Whether a new volume key was begun here and is there, and nobody has looked at it since: a
   * machine goes on without its controller.
   */
  boolean volumeKeyUnseen() {
    return header.flatMap(LuksHeader::volumeKey).isPresent()
        && note(Note.Kind.VOLUME_KEY_BEGUN)
            .filter(
                note ->
                    !Optional.of(note.volumeKey()).equals(header.flatMap(LuksHeader::volumeKey)))
            .isPresent();
  }

  /** The token of the binding that workr made and proved here. */
  Optional<LuksHeader.Token> binding() {
    return note(Note.Kind.BINDING)
        .filter(note -> !note.keyslots().isEmpty())
        .flatMap(
            note ->
                header.stream()
                    .flatMap(known -> known.tokens("clevis").stream())
                    .filter(token -> token.keyslots().equals(note.keyslots()))
                    .findFirst());
  }

  /**
   * Whether Clevis does not find the binding: of the tokens that name a keyslot it looks only at
   * the one with the lowest number (clevis_luks_read_slot), and that is another one.
   */
  boolean bindingHidden() {
    return binding()
        .filter(
            token ->
                header.stream()
                    .flatMap(known -> known.tokens().stream())
                    .anyMatch(
                        other ->
                            other.id() < token.id()
                                && !Collections.disjoint(other.keyslots(), token.keyslots())))
        .isPresent();
  }

  /** How far the re-encryption is, for a person. */
  String progressText() {
    Matcher matcher = MEMBER.matcher(progress);
    long done = 0;
    long all = 0;
    while (matcher.find()) {
      long value = Long.parseLong(matcher.group(2));
      switch (matcher.group(1)) {
        case "device_bytes" -> done = value;
        case "device_size" -> all = value;
        default -> {
          // Speed and time left are true only at the moment.
        }
      }
    }
    if (all > 0) {
      return String.format(Locale.ROOT, "%.0f %%", Math.floor(done * 100.0 / all));
    }
    Matcher percent = PERCENT.matcher(progress);
    return percent.find() ? percent.group(1) + " %" : "begun";
  }
}
