package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * The copies of LUKS headers that the controller keeps: exactly one of each device, of the header
 * as it is now. An older one would destroy data when it is put back.
 *
 * @param possible whether there is a keystore, whose password encrypts them
 * @param copies those that are there
 */
record HeaderCopies(boolean possible, List<Copy> copies) {

  /**
   * Not probed on the host: the engine adds the section. A line {@code no keystore}, or of each
   * copy the UUID of the device, the id of the header, and when it was made, seconds since 1970.
   */
  static final Fact<HeaderCopies> FACT =
      Fact.of("controller.headers", "false", HeaderCopies::parse);

  /**
   * A copy.
   *
   * @param uuid of the device
   * @param id of the header
   * @param since when it was made, seconds since 1970
   */
  record Copy(String uuid, String id, long since) {}

  /** Copies the list. */
  HeaderCopies {
    copies = List.copyOf(copies);
  }

  private static HeaderCopies parse(String text) {
    if (text.equals("no keystore")) {
      return new HeaderCopies(false, List.of());
    }
    List<Copy> copies = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] words = line.split(" ", -1);
      if (!line.matches("\\S+ \\S+ \\d{1,12}")) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      copies.add(new Copy(words[0], words[1], Long.parseLong(words[2])));
    }
    return new HeaderCopies(true, copies);
  }

  /** The copy of a device's header as it is now. */
  Optional<Copy> of(LuksDevice device) {
    return copies.stream()
        .filter(copy -> copy.uuid().equals(device.uuid()))
        .filter(copy -> device.header().map(LuksHeader::id).equals(Optional.of(copy.id())))
        .findFirst();
  }

  /** Plans to have one, when other changes of the device make it another one too. */
  void plan(Target target, List<Change> changes, Findings.Builder out) {
    LuksDevice device = target.device();
    long stored = copies.stream().filter(copy -> copy.uuid().equals(device.uuid())).count();
    boolean changed = changes.stream().anyMatch(change -> touches(change, device));
    if (!changed && stored == 1 && of(device).isPresent()) {
      return;
    }
    if (!possible) {
      out.warning(
          "no copy of the LUKS header of '" + device.path() + "' is kept, as there is no keystore",
          "A damaged header is then the end of the data. Run mvn workr:secrets, which makes one.");
      return;
    }
    out.change(
        Stage.DISK,
        stored == 0 ? Action.CREATE : Action.UPDATE,
        target.subject("header-copy"),
        stored == 0 ? "" : "of an older header",
        "on the controller, encrypted",
        new Step.StoreHeader(device.uuid()));
  }

  private static boolean touches(Change change, LuksDevice device) {
    return change.steps().stream()
        .anyMatch(step -> step instanceof Step.Run run && run.toString().contains(device.uuid()));
  }
}
