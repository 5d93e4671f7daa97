package org.workr.capability.disk;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.platform.Disks;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;

/** The plan of one host, all of whose facts are known. */
final class HostDisks {
  /** Of bound keyslots, those that a change needs besides those that are there. */
  private static final int MORE_SLOTS = 2;

  private static final int MOST_SLOTS = 32;

  private final Encryption spec;
  private final Optional<Rekey> rekey;
  private final Situation situation;
  private final Disks disks;
  private final DiskState state;
  private final Openings openings;
  private final HeaderCopies copies;
  private final Findings.Builder out;

  /** Whether another machine-id is about to be made: what is noted was true of the template. */
  private final boolean foreign;

  HostDisks(
      Encryption spec,
      Optional<Rekey> rekey,
      Situation situation,
      Disks disks,
      DiskState state,
      Openings openings,
      HeaderCopies copies,
      Findings.Builder out) {
    this.spec = spec;
    this.rekey = rekey;
    this.situation = situation;
    this.disks = disks;
    this.state = state;
    this.openings = openings;
    this.copies = copies;
    this.out = out;
    foreign = situation.earlier().stream().anyMatch(c -> c.id().equals("identity.machine-id"));
  }

  void plan(UnlockImage images) {
    List<LuksDevice> devices =
        Devices.managed(state, disks, out).stream()
            .map(device -> foreign ? device.ofAnotherMachine() : device)
            .toList();
    boolean sound = read(devices) && !devices.isEmpty();
    sound &= new Obstacles(state, disks, out).noneBeside(devices);
    for (LuksDevice device : devices) {
      sound &= sound(device);
    }
    if (state.upgradeArmed()) {
      sound = false;
      out.error(
          "an upgrade of the system is armed for the next start (/system-update)",
          "Restart the machine so that it is done, or cancel it (pkcon offline-cancel), and run the"
              + " goal again.");
    }
    if (!images.possible(spec, out) || !sound) {
      return;
    }
    List<LuksDevice> underWay =
        devices.stream().filter(device -> device.header().orElseThrow().reencrypting()).toList();
    if (!underWay.isEmpty()) {
      resume(devices, underWay);
      return;
    }
    ends();
    packages(images);
    boolean servesLater =
        situation.earlier().stream().anyMatch(change -> change.capability().equals("tang"));
    if (servesLater && spec.policy().isPresent()) {
      // Other servers' trouble must not keep this one from being repaired.
      out.warning(
          "its disks stay as they are in this run, as its Tang server is set up first",
          "Run the goal again: then it can be bound to all servers.");
      return;
    }
    keys(devices);
  }

  /** Whether what the root file system stands on could be read; LUKS1 is refused elsewhere. */
  private boolean read(List<LuksDevice> devices) {
    boolean all = true;
    for (Disks.Node node : disks.luksUnderRoot()) {
      if (!node.contentVersion().equals("1")
          && devices.stream().noneMatch(device -> device.path().equals(node.path()))) {
        all = false;
        out.error(
            "the LUKS header of '" + node.path() + "' could not be read",
            "Look at it on the machine: cryptsetup luksDump " + node.path() + ".");
      }
    }
    return all;
  }

  /** What is wrong with one device; all of it is said. */
  private boolean sound(LuksDevice device) {
    LuksHeader header = device.header().orElseThrow();
    boolean sound = new Obstacles(state, disks, out).none(device, header);
    Optional<Openings.Which> opening = openings.opening(device);
    if (opening.isEmpty()) {
      Host host = situation.host();
      out.error(
          "no passphrase that is known opens '" + device.path() + "'",
          "Give the present one as secret "
              + Openings.Which.CURRENT.of(host)
              + ", or the template's for all clones as "
              + host.cluster()
              + ".luks.current. Tried were those two and "
              + Openings.Which.OWN.of(host)
              + ".");
      return false;
    }
    if (header.reencrypting()) {
      return sound;
    }
    Set<Integer> strange = new TreeSet<>(header.bound());
    strange.removeAll(openings.all(device));
    strange.removeAll(header.claimed("clevis"));
    strange.removeAll(Leftovers.halfBound(header));
    for (int slot : strange) {
      sound = false;
      out.error(
          "keyslot " + slot + " of '" + device.path() + "' opens with something that is not known",
          "A new volume key would lose it. If nobody needs it, remove it on the machine: cryptsetup"
              + " luksKillSlot "
              + device.path()
              + " "
              + slot
              + ". If it is a passphrase, give it as secret "
              + Openings.Which.CURRENT.of(situation.host())
              + ".");
    }
    if (header.bound().size() + MORE_SLOTS > MOST_SLOTS || !header.roomFor(MORE_SLOTS)) {
      sound = false;
      out.error(
          "the LUKS header of '"
              + device.path()
              + "' has no room: "
              + header.bound().size()
              + " keyslots are used, and there are "
              + header.keyslotsSize() / 1024
              + " KiB for them",
          "A new volume key takes a second copy of each keyslot. Remove keyslots that nobody needs;"
              + " a header made smaller than 16 MiB can only be made anew.");
    }
    return sound;
  }

  /**
   * What was begun. While it runs nothing else: an initramfs that is made, by workr or with a
   * package, reads the header with cryptsetup, whose lock can stop the re-encryption and the
   * machine with it.
   */
  private void resume(List<LuksDevice> devices, List<LuksDevice> underWay) {
    if (underWay.stream().anyMatch(LuksDevice::unitActive)) {
      out.alone(
          "nothing but its disks is changed before their re-encryption has ended",
          "Then the same run makes the rest as declared, or with workr.wait=false the next one.");
    }
    VolumeKeyChange volumeKey = new VolumeKeyChange(state.cryptsetup(), rekey);
    for (LuksDevice device : underWay) {
      Target target = target(devices, device, openings.opening(device).orElseThrow());
      int before = out.changes().size();
      volumeKey.plan(target, out);
      copies.plan(target, out.changes().subList(before, out.changes().size()), out);
    }
  }

  /**
   * The end of an interrupted re-encryption of a closed device of this machine, which nothing can
   * open before. Those that the initramfs sees it has ended.
   */
  private void ends() {
    for (LuksDevice device : state.devices()) {
      if (openings.untried().contains(device.uuid())
          && !device.working()
          && state.mapping(device).isEmpty()
          && state.crypttab(device).isPresent()
          && new Obstacles(state, disks, out).only(device)) {
        out.change(
            Stage.DISK,
            Action.RESUME,
            "reencryption-end of " + device.path(),
            "its end was interrupted, and nothing opens it",
            "ended",
            Step.shell(LuksShell.script(device.uuid(), ReencryptionEnd.CLOSED)));
      }
    }
  }

  private void packages(UnlockImage images) {
    images.planFiles(out);
    List<String> missing =
        spec.packages().stream().filter(name -> !state.packages().contains(name)).toList();
    boolean planned =
        situation.earlier().stream()
            .flatMap(change -> change.steps().stream())
            .anyMatch(
                step ->
                    step instanceof Step.InstallPackages install
                        && install.packages().containsAll(missing));
    if (!missing.isEmpty() && !planned) {
      out.change(
          Stage.SYSTEM,
          Action.CREATE,
          "packages",
          "",
          String.join(", ", missing),
          new Step.InstallPackages(missing, Duration.ofMinutes(10)));
    }
    images.plan(spec, !missing.isEmpty(), out);
  }

  private void keys(List<LuksDevice> devices) {
    for (LuksDevice device : devices) {
      Leftovers.plan(target(devices, device, openings.opening(device).orElseThrow()), out);
    }
    BindingChange declared = new BindingChange(spec, rekey);
    Optional<List<TangAnswers.Usable>> answered =
        spec.servers().isEmpty()
            ? Optional.of(List.of())
            : TangAnswers.judge(
                spec.policy().orElseThrow(),
                devices.stream().anyMatch(declared::due),
                BoundServers.of(devices),
                situation,
                out);
    // A key that no pom pins may have a successor by now, for which the one that is bound vouches.
    BindingChange binding = answered.map(declared::to).orElse(declared);
    boolean binds = devices.stream().anyMatch(binding::due);
    Optional<List<TangAnswers.Usable>> servers =
        answered.filter(
            known -> devices.stream().allMatch(device -> binding.fits(device, known, out)));
    if (binds && !Chips.present(spec, state, out)) {
      return;
    }
    warnOfTwoWrites(devices.stream().filter(binding::due).toList());
    new PassphraseChange(situation.host(), openings, rekey)
        .plan(devices, others(devices), state.absent(), out);
    VolumeKeyChange volumeKey = new VolumeKeyChange(state.cryptsetup(), rekey);
    for (LuksDevice device : devices) {
      Target target = target(devices, device, Openings.Which.OWN);
      binding.plan(target, servers, out);
    }
    for (LuksDevice device : devices) {
      Target target = target(devices, device, Openings.Which.OWN);
      volumeKey.plan(target, out);
      copies.plan(target, List.copyOf(out.changes()), out);
    }
    if (!binds || servers.isPresent()) {
      new UnlockProof(spec, rekey, state, copies).plan(devices, binding, out);
    }
  }

  /** See docs/adr/0013: a copy of the token in between finds no room beside several servers. */
  private void warnOfTwoWrites(List<LuksDevice> bound) {
    if (Versions.before(state.cryptsetup(), "2.5.0")
        && bound.stream().anyMatch(d -> !d.header().orElseThrow().tokens("clevis").isEmpty())) {
      out.warning(
          "cryptsetup "
              + state.cryptsetup()
              + " takes two writes to replace a binding: if the power fails between them, the"
              + " machine starts only by its passphrase",
          "That takes fractions of a second. With cryptsetup 2.5 or later it is one write.");
    }
  }

  private List<LuksDevice> others(List<LuksDevice> managed) {
    List<String> uuids = managed.stream().map(LuksDevice::uuid).toList();
    return state.devices().stream().filter(device -> !uuids.contains(device.uuid())).toList();
  }

  private Target target(List<LuksDevice> all, LuksDevice device, Openings.Which which) {
    String name =
        device.equals(all.get(0))
            ? ""
            : state.mapping(device).map(DiskState.Mapping::name).orElse(device.uuid());
    return new Target(device, device.header().orElseThrow(), name, which.of(situation.host()));
  }
}
