package org.workr.capability.identity;

import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;

/**
 * Keeps cloud-init, where it is installed, from taking the identity back: by default it deletes
 * host keys and sets the name anew whenever it thinks that the machine is another one.
 */
final class CloudInit {
  static final String PATH = "/etc/cloud/cloud.cfg.d/99-workr.cfg";
  static final String CONTENT =
      """
      # Written by workr: it owns the identity of this machine.
      ssh_deletekeys: false
      preserve_hostname: true
      manage_etc_hosts: false
      """;

  /** {@code none} where cloud-init is not installed, otherwise {@code present} and the drop-in. */
  static final Fact<String> FACT =
      Fact.of(
          "identity.cloud-init",
          """
          if [ ! -d /etc/cloud/cloud.cfg.d ]; then echo none; exit 0; fi
          echo present
          [ ! -e PATH ] || cat PATH"""
              .replace("PATH", PATH),
          text -> {
            if (!text.equals("none") && !text.startsWith("present")) {
              throw new IllegalArgumentException("'" + text + "'");
            }
            return text;
          });

  private static final String OFF = "/etc/cloud/cloud-init.disabled";

  /** {@code off}, {@code overruled} by what came with the machine, or {@code obedient}. */
  static final Fact<String> STATE =
      Fact.of(
          "identity.cloud-init-state",
          """
          if [ -e OFF ]; then echo off; exit 0; fi
          cd /var/lib/cloud/instance 2>/dev/null || { echo obedient; exit 0; }
          said='^[[:space:]]*(preserve_hostname:[[:space:]]*.?false'
          said="$said|manage_etc_hosts:[[:space:]]*.?(true|localhost|template)"
          said="$said|ssh_deletekeys:[[:space:]]*.?true)"
          if grep -qsiE "$said" cloud-config.txt vendor-cloud-config.txt; then echo overruled
          else echo obedient; fi"""
              .replace("OFF", OFF),
          text -> {
            if (!text.matches("off|overruled|obedient")) {
              throw new IllegalArgumentException("'" + text + "'");
            }
            return text;
          });

  private CloudInit() {}

  static void plan(Situation situation, Findings.Builder out) {
    situation
        .require(FACT, out)
        .filter(text -> text.startsWith("present"))
        .map(text -> text.substring("present".length()).stripLeading())
        .filter(content -> !content.equals(CONTENT.stripTrailing()))
        .ifPresent(
            content ->
                out.change(
                    Stage.IDENTITY,
                    content.isEmpty() ? Action.CREATE : Action.UPDATE,
                    "cloud-init",
                    content,
                    CONTENT.stripTrailing(),
                    Step.file(PATH, CONTENT, "0644")));
    if (situation.require(STATE, out).filter("overruled"::equals).isPresent()) {
      out.change(
          Stage.IDENTITY,
          Action.CREATE,
          "cloud-init-off",
          "",
          "cloud-init does nothing at the next boots",
          Step.file(OFF, "Written by workr: it owns the identity of this machine.\n", "0644"));
    }
  }
}
