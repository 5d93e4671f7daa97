package org.workr.capability.network;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.workr.plan.Step;
import org.workr.render.Shell;

/**
 * One change of the network with a way back. The host saves what will be changed, arms a timer and
 * a guard that runs at boot, and only then lets anything be changed; both put everything back
 * unless the controller, connected to the new address, confirms in time.
 * docs/adr/0010-network-deadman.md goes through every instant.
 *
 * @param wanted the network
 * @param backend what configures it
 * @param resolver how the host looks up names
 * @param oldConnection NetworkManager's connection in force, by UUID
 * @param rollbackAfter how long the timer waits
 */
record Deadman(
    Wanted wanted,
    Backend backend,
    Resolver resolver,
    Optional<String> oldConnection,
    Duration rollbackAfter) {
  static final String HOME = "/var/lib/workr/network";
  private static final String SCRIPT = HOME + "/deadman";

  // What the host needs before the controller's time is counted: staging and the start of the unit.
  private static final Duration RESERVE = Duration.ofSeconds(25);

  // After the timer: stopping what runs, putting files back, and a lease from DHCP.
  private static final Duration RECOVERY = Duration.ofSeconds(30);

  /**
   * The steps of the change.
   *
   * @param files to write, in this order
   * @param makeWay what makes other configuration give way
   * @param touched paths that {@code makeWay} changes
   */
  List<Step> steps(List<Step.WriteFile> files, List<Step> makeWay, List<String> touched) {
    Set<String> saved = new LinkedHashSet<>();
    files.forEach(file -> saved.add(file.path()));
    saved.addAll(touched);
    List<Step> steps = new ArrayList<>();
    steps.add(Step.file(HOME + "/settings", settings(files, saved), "0600"));
    steps.add(Step.file(SCRIPT, DeadmanScript.TEXT, "0700"));
    steps.add(Step.run("sh", SCRIPT, "begin"));
    steps.addAll(files);
    steps.addAll(makeWay);
    steps.add(Step.run("sh", SCRIPT, "start"));
    steps.add(
        new Step.Reconnect(
            Step.Reconnect.Where.FINAL_ADDRESS,
            rollbackAfter.minus(RESERVE),
            RESERVE.plus(RECOVERY),
            "The machine puts its old network configuration back by itself, at the latest "
                + rollbackAfter.toSeconds()
                + " seconds after the change began. Run the goal again then: it says why, as far as"
                + " the machine could see."));
    steps.add(Step.run("sh", SCRIPT, "confirm"));
    return steps;
  }

  private String settings(List<Step.WriteFile> files, Set<String> saved) {
    StringBuilder text = new StringBuilder();
    setting(text, "backend", backend.name());
    setting(text, "interface", wanted.networkInterface());
    setting(text, "address", wanted.address().toString());
    setting(text, "gateway", wanted.gateway().map(Object::toString).orElse(""));
    setting(text, "resolver", resolver.kind().name().toLowerCase(Locale.ROOT));
    boolean keyed = backend instanceof NmKeyfile;
    setting(text, "connection", keyed ? NmKeyfile.uuid(wanted) : "");
    setting(text, "old_connection", keyed ? oldConnection.orElse("") : "");
    setting(text, "rollback_after", String.valueOf(rollbackAfter.toSeconds()));
    setting(text, "saved", String.join("\n", saved));
    StringBuilder identity = new StringBuilder(text);
    files.forEach(file -> identity.append(file.path()).append('\n').append(file.content()));
    setting(text, "id", OwnFiles.sha256(identity.toString()).substring(0, 16));
    return text.toString();
  }

  private static void setting(StringBuilder text, String name, String value) {
    text.append(name).append('=').append(Shell.quote(value)).append('\n');
  }
}
