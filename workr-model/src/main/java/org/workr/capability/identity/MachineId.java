package org.workr.capability.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * The machine-id (machine-id(5)), made on the host: systemd would take it from the virtual
 * hardware's UUID, which clones may share. The running system keeps the old one in use until the
 * next boot, which also removes the template's journal.
 */
final class MachineId {
  static final Fact<String> FACT = Fact.file("identity.machine-id", "/etc/machine-id", "");

  /** D-Bus's copy; {@code absent} where D-Bus is not. */
  static final Fact<String> DBUS =
      Fact.text(
          "identity.dbus-machine-id",
          """
          if [ ! -d /var/lib/dbus ]; then echo absent; exit 0; fi
          [ ! -e /var/lib/dbus/machine-id ] || cat /var/lib/dbus/machine-id""");

  /** Journals of machine-ids, as folder names. */
  static final Fact<List<String>> JOURNALS =
      Fact.of(
          "identity.journals",
          """
          for journal in /var/log/journal/*; do
            [ ! -d "$journal" ] || printf '%s\\n' "${journal##*/}"
          done""",
          text -> text.lines().filter(name -> name.matches("[0-9a-f]{32}(\\..*)?")).toList());

  private static final String GENERATE =
      """
      umask 022
      id=$(systemd-id128 new 2>/dev/null || tr -d - </proc/sys/kernel/random/uuid)
      [ ${#id} -eq 32 ]
      printf '%s\\n' "$id" >/etc/machine-id.workr
      chmod 0444 /etc/machine-id.workr
      sync /etc/machine-id.workr
      mv -f /etc/machine-id.workr /etc/machine-id
      sync /etc""";
  private static final String LINK =
      """
      if [ -d /var/lib/dbus ]; then
        ln -sfn /etc/machine-id /var/lib/dbus/machine-id.workr
        mv -fT /var/lib/dbus/machine-id.workr /var/lib/dbus/machine-id
      fi""";

  private MachineId() {}

  /**
   * Plans the change.
   *
   * @param own whether the present id was made for this host
   */
  static void plan(Situation situation, boolean own, String present, Findings.Builder out) {
    if (!own) {
      situation.require(JOURNALS, out).ifPresent(journals -> renew(present, journals, out));
      return;
    }
    situation
        .require(DBUS, out)
        .filter(id -> !id.equals("absent") && !id.equals(present))
        .ifPresent(
            id ->
                out.changeWithRestart(
                    Stage.IDENTITY,
                    Action.UPDATE,
                    "dbus-machine-id",
                    id,
                    "the host's machine-id",
                    Step.shell(LINK)));
  }

  private static void renew(String present, List<String> journals, Findings.Builder out) {
    List<Step> steps = new ArrayList<>();
    if (!journals.isEmpty()) {
      steps.add(Step.file("/etc/tmpfiles.d/workr-identity.conf", removal(journals), "0644"));
    }
    steps.add(Step.shell(GENERATE));
    steps.add(Step.shell(LINK));
    out.changeWithRestart(
        Stage.IDENTITY,
        present.isEmpty() ? Action.CREATE : Action.UPDATE,
        "machine-id",
        present,
        "a new one, made on the host",
        steps.toArray(Step[]::new));
  }

  private static String removal(List<String> journals) {
    return "# Written by workr: the next boot removes the journal of the template.\n"
        + journals.stream()
            .map(id -> "R /var/log/journal/" + id + "\n")
            .collect(Collectors.joining());
  }
}
