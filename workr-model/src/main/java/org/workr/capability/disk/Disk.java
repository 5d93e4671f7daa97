package org.workr.capability.disk;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.capability.platform.Disks;
import org.workr.capability.platform.Platform;
import org.workr.facts.Fact;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.value.Host;

/**
 * The keys of the disks: a passphrase of the host's own, a binding that unlocks at boot, a volume
 * key that no template and no other clone has, and a copy of the header on the controller. In this
 * order, so that at every instant a known passphrase opens the disk and, from the first binding on,
 * the machine starts by itself.
 */
public final class Disk implements Capability<Encryption> {
  private final Optional<Rekey> rekey;

  private final boolean erases;

  /** Makes the disks as declared. */
  public Disk() {
    this(Optional.empty(), false);
  }

  /** Replaces keys besides. */
  public Disk(Rekey rekey) {
    this(Optional.of(rekey), false);
  }

  private Disk(Optional<Rekey> rekey, boolean erases) {
    this.rekey = rekey;
    this.erases = erases;
  }

  /** Makes the disks unreadable for ever. */
  public static Disk erasing() {
    return new Disk(Optional.empty(), true);
  }

  @Override
  public String name() {
    return "disk";
  }

  @Override
  public Set<Fact<?>> facts(Encryption spec, Host host) {
    Set<Fact<?>> facts = new LinkedHashSet<>();
    facts.add(Platform.CLOCK);
    facts.add(Platform.CONTROLLER_CLOCK);
    facts.add(Disks.FACT);
    facts.add(DiskState.FACT);
    facts.add(Openings.fact(host));
    facts.add(HeaderCopies.FACT);
    facts.add(UnlockImage.FACT);
    if (!spec.servers().isEmpty()) {
      facts.add(TangAnswers.fact(spec.servers()));
    }
    return Collections.unmodifiableSet(facts);
  }

  /** Whether the machine starts without a person, as far as the facts say that were probed. */
  public static boolean unlocksItself(Situation situation) {
    return situation.get(DiskState.FACT) instanceof Reading.Known<DiskState> known
        && known.value().devices().stream()
            .filter(device -> known.value().mapping(device).isPresent())
            .allMatch(device -> device.binding().isPresent());
  }

  @Override
  public List<StatusLine> status(Encryption spec, Situation situation) {
    return DiskStatus.of(spec, situation);
  }

  @Override
  public List<StatusLine> status(Encryption spec, Map<Host, Optional<Facts>> hosts) {
    return TangStatus.of(spec, hosts);
  }

  @Override
  public Findings plan(Encryption spec, Situation situation) {
    Findings.Builder out = situation.findings(name());
    Optional<Disks> disks = situation.require(Disks.FACT, out);
    Optional<DiskState> state = situation.require(DiskState.FACT, out);
    if (erases) {
      if (disks.isPresent() && state.isPresent()) {
        Erasure.plan(state.get(), disks.get(), out);
      }
      return out.build();
    }
    Optional<Openings> openings = situation.require(Openings.fact(situation.host()), out);
    Optional<HeaderCopies> copies = situation.require(HeaderCopies.FACT, out);
    Optional<UnlockImage> images = situation.require(UnlockImage.FACT, out);
    if (disks.isPresent()
        && state.isPresent()
        && openings.isPresent()
        && copies.isPresent()
        && images.isPresent()) {
      new HostDisks(
              spec,
              rekey.map(request -> request.onTheClockOf(situation)),
              situation,
              disks.get(),
              state.get(),
              openings.get(),
              copies.get(),
              out)
          .plan(images.get());
    }
    return out.build();
  }
}
