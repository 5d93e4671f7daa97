package org.workr.capability.disk;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
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

  private static final String BIND =
      """
      ! reencrypting || die "$D is being re-encrypted, so it cannot be bound now"
      mkdir -p -m 0700 /run/workr
      # A failed bind puts a copy of the header back that it keeps in TMPDIR: never on a disk.
      TMPDIR=$(mktemp -d /run/workr/bind.XXXXXX); export TMPDIR
      trap 'rm -rf "$TMPDIR"' EXIT
      policy=POLICY
      # Every server must answer with the pinned key; nothing has been touched yet if one does not.
      printf probe | clevis encrypt sss "$policy" >/dev/null || die "no disk was bound: see above which part of the policy failed"
      tokens >"$TMPDIR/before"
      printf '%s\\n' "$P" | clevis luks bind -k - -d "$D" sss "$policy"
      new=$(tokens | awk '$2 == "clevis"' | grep -vxF -f "$TMPDIR/before") || die "clevis made no token"
      set -- $new
      id=$1; slot=$3
      C=$(clevis luks pass -d "$D" -s "$slot") && [ -n "$C" ] && opens "$C" "$slot" || {
        cryptsetup token remove --token-id "$id" "$D"
        printf %s "$P" | cryptsetup luksKillSlot "$D" "$slot" --key-file -
        die "the new binding does not open $D, so it was taken away again"
      }
      opens_any "$P" || die "the passphrase does not open $D any more"
      note workr-binding "$slot" "$(date +%s)" ''
      UNLOCKsync
      """;

  /** A token goes before its keyslot: one without would lock the machine out (clevis issue 524). */
  private static final String REMOVE =
      """
      ! reencrypting || die "$D is being re-encrypted, so no binding can be removed now"
      opens_any "$P" || die "the passphrase does not open $D, so no binding is removed"
      keep=KEEP
      tokens | awk '$2 == "clevis"' | while read -r id type slot; do
        [ "$slot" != "$keep" ] || continue
        cryptsetup token remove --token-id "$id" "$D"
        [ "$slot" = - ] || ! slots | grep -x "$slot" >/dev/null || opens "$P" "$slot" ||
          printf %s "$P" | cryptsetup luksKillSlot "$D" "$slot" --key-file -
      done
      sync
      """;

  private static final String KEEP_NOTED =
      """
      $(tokens | awk '$2 == "workr-binding" {print $3}')
      [ -n "$keep" ] && bound_by_clevis "$keep" || die "no binding of workr's is there, so none is removed"
      C=$(clevis luks pass -d "$D" -s "$keep") && opens "$C" "$keep" || die "the binding in keyslot $keep does not open $D, so no other one is removed\"""";

  private final Encryption encryption;
  private final Instant booted;
  private final Optional<Rekey> rekey;

  BindingChange(Encryption encryption, Instant booted, Optional<Rekey> rekey) {
    this.encryption = encryption;
    this.booted = booted;
    this.rekey = rekey;
  }

  /** Whether the device has to be bound anew. */
  boolean due(LuksDevice device) {
    return encryption.policy().isPresent() && reason(device).isPresent();
  }

  /** Why the device has to be bound anew; empty when its binding is as declared. */
  private Optional<String> reason(LuksDevice device) {
    Optional<LuksHeader.Token> token = device.binding();
    if (token.isEmpty()) {
      return Optional.of("");
    }
    Optional<BoundPolicy> bound = BoundPolicy.of(token.get());
    if (bound.isEmpty() || !bound.get().is(encryption.policy().orElseThrow())) {
      return Optional.of(bound.map(BoundPolicy::text).orElse("one that cannot be read"));
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
  void plan(Target target, Optional<List<Pin.Tang>> servers, Findings.Builder out) {
    Optional<Pin.Sss> policy = encryption.policy();
    LuksDevice device = target.device();
    if (policy.isPresent() && due(device) && servers.isPresent()) {
      String json = PolicyText.of(policy.get(), servers.get());
      out.change(
          Stage.DISK,
          device.binding().isPresent() ? Action.UPDATE : Action.CREATE,
          target.subject("binding"),
          reason(device).orElse(""),
          BoundText.of(policy.get(), servers.get()),
          target.script(
              BIND.replace("POLICY", Shell.quote(json)).replace("UNLOCK", unlock(device))));
    }
    List<LuksHeader.Token> others =
        target.header().tokens("clevis").stream()
            .filter(
                token ->
                    policy.isEmpty() || due(device) || !Optional.of(token).equals(device.binding()))
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

  /** What the old binding has proven stays proven; the new one is proven by a test. */
  private String unlock(LuksDevice device) {
    boolean proven =
        device.binding().isPresent() && booted.isAfter(device.since(Note.Kind.BINDING));
    return proven && device.note(Note.Kind.UNLOCK).isEmpty()
        ? "note workr-unlock '' " + booted.getEpochSecond() + " ''\n"
        : "";
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
