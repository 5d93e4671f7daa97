package org.workr.capability.disk;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.render.Shell;

/**
 * The binding that unlocks a device at boot: the new one is made and proven, then others go. Never
 * with {@code -y}, which would believe every server, and never with {@code clevis luks unbind},
 * which deletes keyslots without asking for a passphrase.
 */
final class BindingChange {

  /**
   * Not {@code clevis luks bind}: two tokens for three servers do not fit into the 12 KiB that a
   * header has for its metadata, and a bind that fails puts a copy of the header back. So the new
   * keyslot comes first, and then the token is replaced, in one write of the header: whenever the
   * machine starts, the token and the keyslot that it speaks of belong together.
   */
  static final String BIND =
      """
      ! reencrypting || die "$D is being re-encrypted, so it cannot be bound now"
      opens_any "$P" || die "the passphrase does not open $D, so it is not bound"
      policy=POLICY
      # 40 characters with 240 random bits, as no keyboard has to type them.
      K=$(head -c 30 /dev/urandom | base64 | tr '+/' '-_')
      # Every server must answer with the pinned key; nothing has been touched yet if one does not.
      jwe=$(printf %s "$K" | clevis encrypt sss "$policy") && [ -n "$jwe" ] ||
        die "no disk was bound: see above which part of the policy failed"
      [ "$(printf %s "$jwe" | clevis decrypt)" = "$K" ] || die "what Clevis encrypts it cannot decrypt, so no disk was bound"
      set -- $(tokens | awk -v own="$(tokens | awk '$2 == "workr-binding" {print $3; exit}')" '
        $2 == "clevis" && (!n || $3 == own && slot != own) {id = $1; slot = $3; n = 1}
        END {if (n) print id, slot}')
      id=${1-} old=${2--}
      # Clevis uses the first token of a keyslot; another one is a copy, which an interrupted run has left.
      tokens | awk -v id="$id" -v slot="$old" '$2 == "clevis" && $1 != id && $3 == slot && slot != "-" {print $1}' |
        while read -r copy; do cryptsetup token remove --token-id "$copy" "$D"; done
      new=0
      while all_slots | grep -x "$new" >/dev/null; do new=$((new + 1)); done
      [ "$new" -lt 32 ] || die "$D has no free keyslot"
      json=$(printf '{"type":"clevis","keyslots":["%s"],"jwe":%s}' "$new" "$(printf %s "$jwe" | jose jwe fmt -i- -o-)")
      before=$(metadata)
      area=$(printf %s "$before" | sed 's/.*"json_size":"\\([0-9]*\\)".*/\\1/')
      present=0
      [ -z "$id" ] || present=$(cryptsetup token export --token-id "$id" "$D" | wc -c)
      # A re-encryption keeps two copies of each keyslot, and notes of its own.
      need=$((${#before} - present + ${#json} + RESERVE))
      [ "$need" -le "$area" ] || die "the header of $D has room for $area bytes of metadata, and this policy makes $need of them: use fewer servers"
      note workr-begun '' "$(date +%s)" ",\\"slots\\":\\"$old,$new\\""
      printf '%s\\n%s\\n' "$P" "$K" |
        cryptsetup luksAddKey -q --key-slot "$new" --pbkdf pbkdf2 --pbkdf-force-iterations 1000 "$D"
      opens "$K" "$new" || die "the new keyslot $new does not open $D; nothing else was changed"
      if [ -z "$id" ]; then
        printf %s "$json" | cryptsetup token import --json-file - "$D"
      else
        was=$(cryptsetup token export --token-id "$id" "$D")
        replace_token "$id" "$json"
      fi
      C=$(clevis luks pass -d "$D" -s "$new") && opens "$C" "$new" || {
        if [ -n "$id" ]; then
          replace_token "$id" "$was"
          die "the new binding does not open $D, so the one before was put back"
        fi
        for t in $(tokens | awk -v slot="$new" '$2 == "clevis" && $3 == slot {print $1}'); do
          cryptsetup token remove --token-id "$t" "$D"
        done
        die "the new binding does not open $D, so it was taken off again"
      }
      note workr-binding "$new" "$(date +%s)" ",\\"boot\\":\\"$(cat /proc/sys/kernel/random/boot_id)\\""
      C=$(clevis luks pass -d "$D" -s "$new") && opens "$C" "$new" || {
        forget workr-binding
        die "the new binding of $D opened it, and does not since that was noted, so the note was removed: run the goal again"
      }
      UNLOCK[ "$old" = - ] || ! slots | grep -x "$old" >/dev/null || opens "$P" "$old" ||
        printf %s "$P" | cryptsetup luksKillSlot "$D" "$old" --key-file -
      forget workr-begun
      opens_any "$P" || die "the passphrase does not open $D any more"
      sync
      """
          .replace("RESERVE", String.valueOf(TokenSize.RESERVE));

  /** A token goes before its keyslot: one without would lock the machine out (clevis issue 524). */
  static final String REMOVE =
      """
      ! reencrypting || die "$D is being re-encrypted, so no binding can be removed now"
      opens_any "$P" || die "the passphrase does not open $D, so no binding is removed"
      keep=KEEP
      # A slot without its token would speak for nobody, if this were interrupted in between.
      gone=$(tokens | awk -v keep="$keep" '$2 == "clevis" && $3 != "-" && $3 != keep {printf "%s%s", comma, $3; comma = ","}')
      [ -z "$gone" ] || note workr-begun '' "$(date +%s)" ",\\"slots\\":\\"$gone\\""
      kept=
      tokens | awk '$2 == "clevis"' | while read -r id type slot; do
        # The first one is the one that Clevis uses.
        if [ "$slot" = "$keep" ] && [ -z "$kept" ]; then kept=$id; continue; fi
        cryptsetup token remove --token-id "$id" "$D"
        [ "$slot" = - ] || [ "$slot" = "$keep" ] || ! slots | grep -x "$slot" >/dev/null || opens "$P" "$slot" ||
          printf %s "$P" | cryptsetup luksKillSlot "$D" "$slot" --key-file -
      done
      forget workr-begun
      [ "$keep" != none ] || { forget workr-binding; forget workr-unlock; }
      sync
      """;

  static final String KEEP_NOTED =
      """
      $(tokens | awk '$2 == "workr-binding" {print $3; exit}')
      [ -n "$keep" ] && bound_by_clevis "$keep" || die "no binding of workr's is there, so none is removed"
      C=$(clevis luks pass -d "$D" -s "$keep") && opens "$C" "$keep" || die "the binding in keyslot $keep does not open $D, so no other one is removed\"""";

  private final Optional<Pin.Sss> policy;
  private final Optional<Rekey> rekey;

  BindingChange(Encryption encryption, Optional<Rekey> rekey) {
    this(encryption.policy(), rekey);
  }

  private BindingChange(Optional<Pin.Sss> policy, Optional<Rekey> rekey) {
    this.policy = policy;
    this.rekey = rekey;
  }

  /**
   * The same to the servers with these thumbprints, which are those of the policy, in its order.
   */
  BindingChange to(List<TangAnswers.Usable> servers) {
    return new BindingChange(
        policy.map(sss -> sss.with(servers.stream().map(TangAnswers.Usable::tang).iterator())),
        rekey);
  }

  /** Whether the device has to be bound anew. */
  boolean due(LuksDevice device) {
    return policy.isPresent() && reason(device).isPresent();
  }

  /**
   * Whether a device that has to be bound anew may have room for it. What certainly does not fit is
   * refused before the first change; the script knows more, and looks again.
   */
  boolean fits(LuksDevice device, List<TangAnswers.Usable> servers, Findings.Builder out) {
    LuksHeader.Metadata metadata = device.header().orElseThrow().metadata();
    if (!due(device) || metadata.area() == 0) {
      return true;
    }
    int need = metadata.fixed() + TokenSize.of(policy.orElseThrow(), servers) + TokenSize.RESERVE;
    if (need > metadata.area()) {
      out.error(
          "the header of '"
              + device.path()
              + "' has room for "
              + metadata.area()
              + " bytes of metadata, and a binding to "
              + BoundText.of(policy.orElseThrow())
              + " makes at least "
              + need
              + " of them",
          "Use fewer servers, or let each advertise fewer keys.");
    }
    return need <= metadata.area();
  }

  /** Why the device has to be bound anew; empty when its binding is as declared. */
  private Optional<String> reason(LuksDevice device) {
    Optional<LuksHeader.Token> token = device.binding();
    if (token.isEmpty()) {
      return Optional.of("");
    }
    Optional<BoundPolicy> bound = BoundPolicy.of(token.get());
    if (bound.isEmpty() || !bound.get().is(policy.orElseThrow())) {
      return Optional.of(bound.map(BoundPolicy::text).orElse("one that cannot be read"));
    }
    if (device.bindingHidden()) {
      return Optional.of(bound.get().text() + ", which Clevis does not find");
    }
    return rekey
        .filter(request -> request.due(Rekey.Part.BINDING, device.since(Note.Kind.BINDING)))
        .map(request -> bound.get().text());
  }

  /**
   * Plans it.
   *
   * @param servers the servers of the policy with the thumbprints to pin; empty when the device
   *     cannot be bound now
   */
  void plan(Target target, Optional<List<TangAnswers.Usable>> servers, Findings.Builder out) {
    LuksDevice device = target.device();
    if (policy.isPresent() && due(device) && servers.isPresent()) {
      String json = PolicyText.of(policy.get());
      out.change(
          Stage.DISK,
          replaced(target).isPresent() ? Action.UPDATE : Action.CREATE,
          target.subject("binding"),
          before(target),
          BoundText.of(policy.get()),
          target.script(
              BIND.replace("POLICY", Shell.quote(json))
                  // Other servers may not be within reach of the initramfs.
                  .replace("UNLOCK", losesProof(device) ? "forget workr-unlock\n" : "")));
    }
    List<LuksHeader.Token> others =
        tokens(target)
            .filter(token -> policy.isEmpty() || !Optional.of(token).equals(replaced(target)))
            .toList();
    if (!others.isEmpty()) {
      out.change(
          Stage.DISK,
          Action.DELETE,
          target.subject("other-bindings"),
          String.join("\n", others.stream().map(BindingChange::text).toList()),
          "",
          target.script(REMOVE.replace("KEEP", policy.isEmpty() ? "none" : KEEP_NOTED)));
    }
  }

  private String before(Target target) {
    return target.device().binding().isPresent()
        ? reason(target.device()).orElse("")
        : replaced(target).map(token -> "not this host's: " + text(token)).orElse("");
  }

  /** The token that is kept or replaced: workr's own, or else the first. */
  private static Optional<LuksHeader.Token> replaced(Target target) {
    return target.device().binding().or(() -> tokens(target).findFirst());
  }

  /** Those without a keyslot are {@link Leftovers}. */
  private static Stream<LuksHeader.Token> tokens(Target target) {
    return target.header().tokens("clevis").stream().filter(token -> !token.keyslots().isEmpty());
  }

  /** Whether a restart that the old binding has gone through says nothing of the new one. */
  boolean losesProof(LuksDevice device) {
    return due(device)
        && device
            .binding()
            .flatMap(BoundPolicy::of)
            .filter(bound -> bound.is(policy.orElseThrow().withAnyKeys()))
            .isEmpty();
  }

  private static String text(LuksHeader.Token token) {
    String where =
        token.keyslots().isEmpty()
            ? "without a keyslot"
            : "keyslot " + token.keyslots().iterator().next();
    return BoundPolicy.of(token).map(BoundPolicy::text).orElse("one that cannot be read")
        + ", "
        + where;
  }
}
