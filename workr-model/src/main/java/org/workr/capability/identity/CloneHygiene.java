package org.workr.capability.identity;

import java.util.ArrayList;
import java.util.List;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;

/** Rids a clone of what it carries of its template besides name, machine-id and host keys. */
final class CloneHygiene {
  /** Where Tailscale's addresses are (RFC 6598). */
  private static final InterfaceAddress TAILNET = InterfaceAddress.parse("100.64.0.0/10");

  private static final String ISCSI =
      """
      name=$(iscsi-iname -p iqn.2004-10.org.debian:01 2>/dev/null || /sbin/iscsi-iname)
      printf 'InitiatorName=%s\\n' "$name" >/etc/iscsi/initiatorname.iscsi.workr
      chmod 0600 /etc/iscsi/initiatorname.iscsi.workr
      mv -f /etc/iscsi/initiatorname.iscsi.workr /etc/iscsi/initiatorname.iscsi""";
  private static final String NVME =
      """
      id=$(cat /proc/sys/kernel/random/uuid)
      printf '%s\\n' "$id" >/etc/nvme/hostid
      printf 'nqn.2014-08.org.nvmexpress:uuid:%s\\n' "$id" >/etc/nvme/hostnqn""";
  private static final String CONTAINER =
      """
      systemctl disable --now --quiet workr-rstudio.service workr-container.service 2>/dev/null || :
      rm -rf /etc/workr/container /etc/systemd/system/workr-rstudio.service /etc/systemd/system/workr-container.service
      systemctl daemon-reload 2>/dev/null || :""";

  private static final String POPCON =
      """
      id=$(tr -d - </proc/sys/kernel/random/uuid)
      sed -i "s/^MY_HOSTID=.*/MY_HOSTID=\\"$id\\"/" /etc/popularity-contest.conf""";

  private CloneHygiene() {}

  /**
   * Plans the changes.
   *
   * @param untouched whether workr never provisioned the machine, nor the one it was cloned from
   */
  static void plan(Situation situation, CloneState state, boolean untouched, Findings.Builder out) {
    List<String> files = new ArrayList<>(state.of("file"));
    if (untouched) {
      files.addAll(state.of("history"));
    }
    if (!files.isEmpty()) {
      List<String> remove = new ArrayList<>(List.of("rm", "-f", "--"));
      remove.addAll(files);
      out.change(
          Stage.IDENTITY,
          Action.DELETE,
          "template-files",
          String.join("\n", files),
          "",
          new Step.Run(remove, List.of()));
    }
    tailscale(situation, state, out);
    renew(state, "iscsi", "the iSCSI initiator's name", ISCSI, out);
    renew(state, "nvme", "the NVMe host's id", NVME, out);
    if (!state.of("container").isEmpty()) {
      out.change(
          Stage.IDENTITY,
          Action.DELETE,
          "container",
          "the template's container, with its host key, and who may log in to it",
          "",
          Step.shell(CONTAINER));
    }
    if (!state.of("popcon").isEmpty()) {
      out.change(
          Stage.IDENTITY,
          Action.UPDATE,
          "popcon",
          "the template's id",
          "a new one, made on the host",
          Step.shell(POPCON));
    }
    warn(state, situation.host(), out);
  }

  private static void renew(
      CloneState state, String kind, String what, String script, Findings.Builder out) {
    if (state.of(kind).contains("idle")) {
      out.change(
          Stage.IDENTITY,
          Action.UPDATE,
          kind,
          "the template's",
          "a new one, made on the host",
          Step.shell(script));
    } else if (state.of(kind).contains("busy")) {
      out.warning(
          "this clone uses network disks under " + what + " of its template, which is left alone",
          "Two machines with the same name there can damage each other's data. Disconnect the disks"
              + " and run the goal again, or change the name by hand.");
    }
  }

  private static void tailscale(Situation situation, CloneState state, Findings.Builder out) {
    if (state.of("tailscale").isEmpty()) {
      return;
    }
    Ipv4 first = situation.host().bootstrap().orElse(situation.host().address().ip());
    if (TAILNET.contains(first) || TAILNET.contains(situation.host().address().ip())) {
      out.warning(
          "this clone is its template to Tailscale, and workr reaches it that way",
          "Give it an address outside of the tailnet as <bootstrap>, or run tailscale logout on it"
              + " from its console.");
      return;
    }
    boolean active = state.of("tailscale").contains("active");
    List<Step> steps = new ArrayList<>();
    if (active) {
      steps.add(new Step.ControlUnit("stop", "tailscaled.service"));
    }
    steps.add(Step.run("rm", "-rf", "/var/lib/tailscale"));
    if (active) {
      steps.add(new Step.ControlUnit("start", "tailscaled.service"));
    }
    out.change(
        Stage.IDENTITY,
        Action.DELETE,
        "tailscale",
        "the template's node key",
        "",
        steps.toArray(Step[]::new));
  }

  private static void warn(CloneState state, Host host, Findings.Builder out) {
    if (!state.of("root-keys").isEmpty() && !host.user().equals("root")) {
      out.warning(
          "keys in '/root/.ssh/authorized_keys' may log in as root on all clones of the template",
          "workr removes nobody's keys. Delete those on the template and on the clones that are not"
              + " wanted.");
    }
    for (String key : state.of("private-key")) {
      out.warning(
          "'" + key + "' is a private key that all clones of the template share",
          "workr removes nobody's keys. Delete it on the template and on the clones if nobody needs"
              + " it.");
    }
    if (!state.of("swarm").isEmpty()) {
      out.warning(
          "this clone is its template to Docker Swarm",
          "Run docker swarm leave --force on the template before it is cloned, and on this machine.");
    }
  }
}
