package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * A restart that nobody helps is the only proof that the machine starts by itself. It is noted when
 * the machine has come back in time from a restart of workr's; where workr may not restart it, any
 * start since it was bound has to do.
 */
final class UnlockProof {

  /** What a restart has proven, right after it. */
  static final String PROVEN =
      """
      for id in $(tokens_of workr-binding); do
        bound=$(cryptsetup token export --token-id "$id" "$D" | tr -d ' \\n\\t')
        case $bound in
          *"\\"machine\\":\\"$(machine)\\""*) ;;
          *) continue ;;
        esac
        case $bound in
          *"\\"boot\\":\\"$(cat /proc/sys/kernel/random/boot_id)\\""*) die "$D was bound after the restart, so it proves nothing" ;;
        esac
        since=$(printf %s "$bound" | sed 's/.*"since":"\\([0-9]*\\)".*/\\1/')
        note workr-unlock '' "$(date +%s)" ",\\"binding\\":\\"$since\\""
        sync
        exit 0
      done
      die "$D has no binding of workr's any more"
      """;

  private final Encryption spec;
  private final Optional<Rekey> rekey;
  private final DiskState state;
  private final HeaderCopies copies;

  UnlockProof(Encryption spec, Optional<Rekey> rekey, DiskState state, HeaderCopies copies) {
    this.spec = spec;
    this.rekey = rekey;
    this.state = state;
    this.copies = copies;
  }

  /** Whether the present binding has opened the device in a restart that workr waited for. */
  static boolean of(LuksDevice device) {
    return device.binding().isPresent()
        && device
            .note(Note.Kind.UNLOCK)
            .flatMap(Note::binding)
            .equals(Optional.of(device.since(Note.Kind.BINDING)));
  }

  /** Plans it, where it is missing or wanted anew. */
  void plan(List<LuksDevice> devices, BindingChange binding, Findings.Builder out) {
    if (spec.policy().isEmpty()) {
      return;
    }
    boolean proven =
        devices.stream().allMatch(device -> !binding.losesProof(device) && known(device));
    boolean wanted =
        rekey
            .map(
                request ->
                    request.rehearse()
                        && devices.stream()
                            .anyMatch(device -> binding.due(device) || !UnlockProof.of(device)))
            .orElse(!proven);
    if (!wanted) {
      return;
    }
    if (!spec.restartAllowed()) {
      out.warning(
          "that it starts by itself has not been proven by a restart, as <restart> does not allow it",
          "The binding opens the disk, and the initramfs holds what it needs. Restart it when it"
              + " suits, and see that it comes back.");
      return;
    }
    List<Step> steps = new ArrayList<>();
    for (LuksDevice device : devices) {
      steps.add(Step.shell(LuksShell.script(device.uuid(), PROVEN)));
      if (copies.possible()) {
        steps.add(new Step.StoreHeader(device.uuid()));
      }
    }
    out.changeAfterRestart(
        Stage.PROOF,
        proven ? Action.UPDATE : Action.CREATE,
        "unlock",
        proven ? "proven before" : "",
        "proven by a restart without anybody",
        steps.toArray(Step[]::new));
  }

  /** Of this binding, or of one before with the same servers. */
  private boolean known(LuksDevice device) {
    return device.note(Note.Kind.UNLOCK).isPresent()
        || (!spec.restartAllowed() && state.restarted(device));
  }
}
