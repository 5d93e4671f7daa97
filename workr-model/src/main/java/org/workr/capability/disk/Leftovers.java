package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import tools.jackson.databind.JsonNode;

/**
 * What interrupted work, workr's or that of others, has left in a header: keyslots that open
 * nothing, and tokens without a keyslot, of which one of Clevis makes the initramfs type a wrong
 * passphrase until it gives up (clevis issue 524).
 */
final class Leftovers {
  static final String CLEAN =
      """
      ! reencrypting || die "$D is being re-encrypted"
      opens_any "$P" || die "the passphrase does not open $D, so nothing is removed from its header"
      for id in TOKENS; do
        tokens | grep "^$id [^ ]* -\\$" >/dev/null || continue
        cryptsetup token remove --token-id "$id" "$D"
      done
      for slot in SLOTS; do
        all_slots | grep -x "$slot" >/dev/null || continue
        # One that opens nothing may carry the passphrase, and a token may speak of it already.
        if slots | grep -x "$slot" >/dev/null; then ! bound_by_clevis "$slot" && ! opens "$P" "$slot" || continue; fi
        printf %s "$P" | cryptsetup luksKillSlot "$D" "$slot" --key-file -
      done
      forget workr-begun
      """;

  private static final Set<String> ABOUT_SLOTS =
      Set.of("clevis", "workr-binding", "workr-passphrase");

  /** What is noted while a token is replaced, as the keyslots do not speak for themselves then. */
  private static final String BEGUN = "workr-begun";

  private Leftovers() {}

  static void plan(Target target, Findings.Builder out) {
    LuksHeader header = target.header();
    List<LuksHeader.Token> orphans =
        header.tokens().stream()
            .filter(token -> ABOUT_SLOTS.contains(token.type()) && token.keyslots().isEmpty())
            .toList();
    Set<Integer> unbound = new TreeSet<>(workrs(header, out, target));
    unbound.addAll(halfBound(header));
    boolean begun = !header.tokens(BEGUN).isEmpty();
    if (orphans.isEmpty() && unbound.isEmpty() && !begun) {
      return;
    }
    List<String> before = new ArrayList<>();
    orphans.forEach(t -> before.add("token " + t.id() + " of " + t.type() + " without a keyslot"));
    unbound.forEach(slot -> before.add("keyslot " + slot + ", which nobody needs"));
    if (begun) {
      before.add("the note that a binding was begun");
    }
    out.change(
        Stage.DISK,
        Action.DELETE,
        target.subject("leftovers"),
        String.join("\n", before),
        "",
        target.script(
            CLEAN
                .replace("TOKENS", words(orphans.stream().map(LuksHeader.Token::id).toList()))
                .replace("SLOTS", words(List.copyOf(unbound)))));
  }

  /** Keyslots without data that came after a re-encryption of workr's was begun; not others. */
  private static Set<Integer> workrs(LuksHeader header, Findings.Builder out, Target target) {
    Set<Integer> strange = strange(header);
    if (!strange.isEmpty()) {
      out.warning(
          target.where()
              + " has keyslots that open nothing, and that workr has not made: "
              + strange,
          "They do no harm and are left alone. If nobody needs them: cryptsetup luksKillSlot.");
    }
    Set<Integer> own = header.unbound();
    own.removeAll(strange);
    return own;
  }

  /** Keyslots without data that workr has not made. */
  static Set<Integer> strange(LuksHeader header) {
    Set<Integer> strange = header.unbound();
    for (LuksHeader.Token begun : header.tokens(Note.Kind.VOLUME_KEY_BEGUN.type())) {
      strange.retainAll(numbers(begun.json().path("strange")));
    }
    return strange;
  }

  /** Keyslots of a binding that was replaced, or was to replace one, when a run was interrupted. */
  static Set<Integer> halfBound(LuksHeader header) {
    Set<Integer> slots = new TreeSet<>();
    for (LuksHeader.Token token : header.tokens(BEGUN)) {
      slots.addAll(numbers(token.json().path("slots")));
    }
    slots.retainAll(header.slots().keySet());
    slots.removeAll(header.claimed("clevis"));
    return slots;
  }

  /** Numbers with commas between them, as probes take the blanks out of metadata. */
  private static Set<Integer> numbers(JsonNode list) {
    return Stream.of(list.asString("").split(",", -1))
        .filter(word -> word.matches("\\d{1,2}"))
        .map(Integer::valueOf)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String words(List<Integer> numbers) {
    return numbers.isEmpty()
        ? "''"
        : String.join(" ", numbers.stream().map(String::valueOf).toList());
  }
}
