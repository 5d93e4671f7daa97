package org.workr.capability.disk;

import static java.util.Collections.disjoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.workr.capability.Findings;
import org.workr.capability.disk.Openings.Which;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.SecretName;

/**
 * The passphrase of all devices of a host: a new one is added and proven on each, then the old ones
 * go. At every instant one that the controller knows opens each device.
 */
final class PassphraseChange {
  /** What the initramfs may use, whatever else it does: a quarter of the memory, 1 GiB at most. */
  static final String ADD =
      """
      memory=$(awk '$1 == "MemTotal:" {m = int($2 / 4); print (m > 1048576 ? 1048576 : m < 65536 ? 65536 : m)}' /proc/meminfo)
      threads=$(nproc)
      [ "$threads" -le 4 ] || threads=4
      IFS= read -r OLD; IFS= read -r NEW
      [ -z "$(slots_of "$NEW")" ] || exit 0
      printf '%s\\n%s\\n' "$OLD" "$NEW" |
        cryptsetup luksAddKey -q --pbkdf argon2id --pbkdf-memory "$memory" --pbkdf-parallel "$threads" "$D"
      """;

  static final String PROVE =
      """
      IFS= read -r NEW
      opens_any "$NEW" || die "the new passphrase was added and does not open $D; the old one still does"
      sync
      """;

  /** The slot that is kept is the first; tokens of clevis keep theirs. */
  static final String RETIRE =
      """
      IFS= read -r NEW
      keep=$(slots_of "$NEW" | head -n 1)
      [ -n "$keep" ] || die "the passphrase in use does not open $D, so no other one is removed"
      set -- SLOTS
      # cryptsetup wipes a slot before it takes it off its list: a power cut leaves one that nothing opens.
      note workr-begun '' "$(date +%s)" ",\\"slots\\":\\"$(echo "$@" | tr ' ' ',')\\""
      for slot in "$@"; do
        [ "$slot" != "$keep" ] || continue
        slots | grep -x "$slot" >/dev/null || continue
        bound_by_clevis "$slot" && continue
        printf %s "$NEW" | cryptsetup luksKillSlot "$D" "$slot" --key-file -
      done
      opens_any "$NEW" || die "the passphrase in use does not open $D any more"
      note workr-passphrase "$keep" "$(date +%s)" ',"generation":"GENERATION"'
      forget workr-begun
      """;

  static final String GONE =
      """
      IFS= read -r OLD
      code=0
      opens_any "$OLD" || code=$?
      [ "$code" -ne 0 ] || die "the old passphrase still opens $D"
      [ "$code" -eq 2 ] || die "whether the old passphrase still opens $D is not known (status $code)"
      """;

  private final Host host;
  private final Openings openings;
  private final Optional<Rekey> rekey;

  PassphraseChange(Host host, Openings openings, Optional<Rekey> rekey) {
    this.host = host;
    this.openings = openings;
    this.rekey = rekey;
  }

  /**
   * Plans it.
   *
   * @param devices those to be changed, of which each is opened by some known passphrase
   * @param others further ones, which stay as they are: what opens them is not forgotten
   * @param absent lines of crypttab(5) whose disks are not there: the same
   */
  void plan(
      List<LuksDevice> devices,
      List<LuksDevice> others,
      List<Crypttab> absent,
      Findings.Builder out) {
    boolean pending =
        devices.stream().anyMatch(device -> !openings.of(device, Which.PENDING).isEmpty());
    // A promotion forgets the one before the one in use. So while that opens anything it goes
    // first.
    boolean older =
        devices.stream().anyMatch(device -> !openings.of(device, Which.CURRENT).isEmpty());
    boolean fresh = !older && (pending || due(devices));
    boolean needed = others.stream().anyMatch(openings::anyMayOpen);
    // A template's passphrase is not lost by being replaced: whoever made the template has it.
    boolean own = devices.stream().anyMatch(device -> !openings.of(device, Which.OWN).isEmpty());
    if (fresh && own && !absent.isEmpty()) {
      out.error(
          "/etc/crypttab names a disk that is not there: "
              + String.join(", ", absent.stream().map(Crypttab::source).toList()),
          "It may open by the host's passphrase, and a new one would lock it out. Attach it and open"
              + " it, so that it gets the new one too; or remove its line, if it will not come back.");
      return;
    }
    if (fresh && needed) {
      out.error(
          "a disk that is not managed opens by the host's passphrase: "
              + String.join(", ", others.stream().map(LuksDevice::path).toList()),
          "A new passphrase would lock it out. See the warnings: open it and give it a line in"
              + " /etc/crypttab, or remove the passphrase from it with cryptsetup luksRemoveKey.");
      return;
    }
    Which wanted = fresh ? Which.PENDING : Which.OWN;
    if (!fresh && devices.stream().allMatch(this::settled)) {
      return;
    }
    SecretName name = Which.OWN.of(host);
    List<Step> steps = new ArrayList<>();
    if (fresh) {
      if (devices.stream().allMatch(device -> openings.of(device, Which.CURRENT).isEmpty())) {
        // It opens nothing; a run that ended too early has left it.
        steps.add(new Step.ForgetSecret(name.current()));
      }
      steps.add(new Step.MakeSecret(name));
    }
    List<LuksDevice> touched =
        devices.stream().filter(device -> fresh || !settled(device)).toList();
    for (LuksDevice device : touched) {
      SecretName target = wanted.of(host);
      if (openings.of(device, wanted).isEmpty()) {
        SecretName old = openings.opening(device).orElseThrow().of(host);
        steps.add(Step.shell(LuksShell.script(device.uuid(), ADD), old, target));
      }
      steps.add(Step.shell(LuksShell.script(device.uuid(), PROVE), target));
    }
    if (fresh) {
      steps.add(new Step.PromoteSecret(name));
    }
    for (LuksDevice device : touched) {
      Set<Integer> slots = openings.all(device);
      String retire =
          RETIRE
              .replace("SLOTS", words(slots))
              .replace("GENERATION", String.valueOf(generation(device, wanted)));
      steps.add(Step.shell(LuksShell.script(device.uuid(), retire), name));
      if (others(device, wanted)) {
        steps.add(Step.shell(LuksShell.script(device.uuid(), GONE), name.current()));
      }
    }
    if (!needed && absent.isEmpty()) {
      steps.add(new Step.ForgetSecret(name.current()));
    }
    out.change(
        Stage.DISK,
        pending || between(devices) || resumes(devices) ? Action.RESUME : Action.UPDATE,
        "passphrase",
        before(devices),
        "the secret " + name + (fresh ? ", made anew" : ""),
        steps.toArray(Step[]::new));
  }

  /** Whether a passphrase has come and the one before has not gone. */
  private boolean between(List<LuksDevice> devices) {
    return devices.stream()
        .anyMatch(
            device ->
                !openings.of(device, Which.OWN).isEmpty()
                    && !openings.of(device, Which.CURRENT).isEmpty());
  }

  private boolean due(List<LuksDevice> devices) {
    return rekey
        .filter(
            request ->
                devices.stream()
                    .anyMatch(
                        device ->
                            request.due(Rekey.Part.PASSPHRASE, device.since(Note.Kind.PASSPHRASE))))
        .isPresent();
  }

  /** Whether the host's own passphrase, and no other, opens the device, and that is noted. */
  private boolean settled(LuksDevice device) {
    Set<Integer> own = openings.of(device, Which.OWN);
    return own.size() == 1
        && openings.all(device).size() == 1
        && device.note(Note.Kind.PASSPHRASE).map(Note::keyslots).equals(Optional.of(own));
  }

  private boolean others(LuksDevice device, Which wanted) {
    // A promotion makes the one in use the one before.
    return wanted == Which.PENDING
        ? !openings.of(device, Which.OWN).isEmpty()
        : !openings.of(device, Which.CURRENT).isEmpty();
  }

  private boolean resumes(List<LuksDevice> devices) {
    return devices.stream().allMatch(device -> !openings.of(device, Which.OWN).isEmpty())
        && rekey.isEmpty();
  }

  private int generation(LuksDevice device, Which wanted) {
    Optional<Note> note = device.note(Note.Kind.PASSPHRASE);
    // A run that was interrupted has promoted it, and not noted it.
    boolean promoted =
        note.filter(n -> disjoint(n.keyslots(), openings.of(device, Which.OWN))).isPresent();
    boolean another = wanted == Which.PENDING || promoted;
    return note.map(n -> n.generation() + (another ? 1 : 0)).orElse(1);
  }

  private String before(List<LuksDevice> devices) {
    Set<String> names = new TreeSet<>();
    for (LuksDevice device : devices) {
      for (Which which : Which.values()) {
        if (!openings.of(device, which).isEmpty()) {
          names.add("the secret " + which.of(host));
        }
      }
    }
    return String.join(" and ", names);
  }

  private static String words(Set<Integer> slots) {
    return String.join(" ", slots.stream().map(String::valueOf).toList());
  }
}
