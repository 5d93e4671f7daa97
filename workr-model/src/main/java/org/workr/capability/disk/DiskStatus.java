package org.workr.capability.disk;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.capability.identity.Identity;
import org.workr.capability.platform.Disks;
import org.workr.capability.platform.Platform;
import org.workr.facts.Reading;

/** How the encryption of a host's disks stands, device by device. */
final class DiskStatus {
  private final DiskState state;
  private final Reading<Openings> openings;
  private final Reading<HeaderCopies> copies;
  private final Encryption spec;
  private final Situation situation;
  private final List<StatusLine> lines = new ArrayList<>();

  private DiskStatus(Encryption spec, Situation situation, DiskState state) {
    this.spec = spec;
    this.situation = situation;
    this.state = state;
    openings = situation.get(Openings.fact(situation.host()));
    copies = situation.get(HeaderCopies.FACT);
  }

  static List<StatusLine> of(Encryption spec, Situation situation) {
    Reading<Disks> disks = situation.get(Disks.FACT);
    Reading<DiskState> state = situation.get(DiskState.FACT);
    if (!(disks instanceof Reading.Known<Disks> knownDisks)
        || !(state instanceof Reading.Known<DiskState> knownState)) {
      return List.of(StatusLine.bad("disk", "its encryption could not be read"));
    }
    List<LuksDevice> devices =
        Devices.managed(knownState.value(), knownDisks.value(), situation.findings("disk"));
    if (devices.isEmpty()) {
      return List.of(StatusLine.bad("disk", "not encrypted with LUKS2"));
    }
    DiskStatus status = new DiskStatus(spec, situation, knownState.value());
    // By a fact that the goal status has, as identity asks for it.
    boolean foreign = Identity.isClone(situation);
    devices.forEach(device -> status.device(foreign ? device.ofAnotherMachine() : device));
    return List.copyOf(status.lines);
  }

  private void device(LuksDevice device) {
    LuksHeader header = device.header().orElseThrow();
    good("disk", device.path() + ", LUKS2 " + device.uuid() + ", " + gigabytes(device.size()));
    passphrase(device);
    binding(device, header);
    volumeKey(device, header);
    headerCopy(device);
    if (spec.policy().isPresent()) {
      unlock(device);
    }
  }

  private void passphrase(LuksDevice device) {
    if (!(openings instanceof Reading.Known<Openings> known)) {
      bad("passphrase", "could not be tried");
      return;
    }
    Optional<Openings.Which> opening = known.value().opening(device);
    Optional<Note> note = device.note(Note.Kind.PASSPHRASE);
    if (opening.isEmpty()) {
      bad("passphrase", "none that is known opens it");
    } else if (opening.get() != Openings.Which.OWN) {
      bad("passphrase", "still the secret " + opening.get().of(situation.host()));
    } else if (known.value().untried().contains(device.uuid())) {
      good("passphrase", "not tried while the disk is re-encrypted");
    } else if (note.isEmpty()) {
      bad("passphrase", "the host's own, since when is not noted");
    } else {
      good("passphrase", "generation " + note.get().generation() + ", " + age(note.get().since()));
    }
  }

  private void binding(LuksDevice device, LuksHeader header) {
    Optional<LuksHeader.Token> own = device.binding();
    if (own.isPresent()) {
      Optional<BoundPolicy> bound = BoundPolicy.of(own.get());
      String text = bound.map(BoundPolicy::pinned).orElse("it cannot be read");
      boolean declared =
          spec.policy().flatMap(policy -> bound.map(one -> one.is(policy))).orElse(false);
      line("binding", text + ", " + age(device.since(Note.Kind.BINDING)), !declared);
    } else if (spec.policy().isPresent()) {
      bad("binding", "none of its own");
    }
    long others =
        header.tokens("clevis").stream().filter(token -> !Optional.of(token).equals(own)).count();
    if (others > 0) {
      bad("binding", others + (others == 1 ? " that is" : " that are") + " not of this host");
    }
    Set<Integer> unbound = header.unbound();
    unbound.removeAll(Leftovers.strange(header));
    if (!unbound.isEmpty() && !header.reencrypting()) {
      bad("keyslots", unbound + " open nothing, since a re-encryption was interrupted");
    }
  }

  private void volumeKey(LuksDevice device, LuksHeader header) {
    if (header.reencrypting()) {
      line(
          "volume key",
          "being replaced, " + device.progressText() + (device.unitActive() ? "" : ", stopped"),
          !device.unitActive());
    } else if (device.volumeKeyUnseen()) {
      bad("volume key", "replaced, not proven yet: provision and rekey do that");
    } else if (device.volumeKeyOwn()) {
      good("volume key", "made on this machine, " + age(device.since(Note.Kind.VOLUME_KEY)));
    } else {
      bad("volume key", "the template's, which every clone of it has");
    }
  }

  private void headerCopy(LuksDevice device) {
    if (!(copies instanceof Reading.Known<HeaderCopies> known) || !known.value().possible()) {
      bad("header copy", "none is kept, as there is no keystore");
      return;
    }
    known
        .value()
        .of(device)
        .ifPresentOrElse(
            copy ->
                good(
                    "header copy",
                    "on the controller, " + age(Instant.ofEpochSecond(copy.since()))),
            () -> bad("header copy", "none of the header as it is now"));
  }

  private void unlock(LuksDevice device) {
    Optional<Note> note = device.note(Note.Kind.UNLOCK);
    if (UnlockProof.of(device)) {
      good("unattended unlock", "proven by the restart " + age(device.since(Note.Kind.UNLOCK)));
    } else if (note.isPresent() && device.binding().isPresent()) {
      good(
          "unattended unlock",
          "proven by a restart "
              + age(note.get().since())
              + "; the present binding by a test only");
    } else if (state.restarted(device)) {
      line(
          "unattended unlock",
          "restarted "
              + age(state.booted())
              + ", not by workr: whether somebody typed the passphrase is not known",
          spec.restartAllowed());
    } else {
      bad("unattended unlock", "never proven by a restart");
    }
  }

  private String age(Instant since) {
    return StatusLine.age(since, situation.get(Platform.CLOCK));
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1L << 30));
  }

  private void good(String subject, String text) {
    lines.add(StatusLine.good(subject, text));
  }

  private void bad(String subject, String text) {
    lines.add(StatusLine.bad(subject, text));
  }

  private void line(String subject, String text, boolean attention) {
    lines.add(new StatusLine(subject, text, attention));
  }
}
