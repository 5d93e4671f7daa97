package org.workr.capability.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.render.Shell;

/** The host's name: the kernel's, the one of the next boot, /etc/hosts and /etc/mailname. */
final class Naming {
  /** The name that the machine boots with; empty when it has none. */
  static final Fact<String> STATIC =
      Fact.perl(
          "identity.hostname",
          """
          my ($name) = grep { !/^\\s*#/ } split /^/, content("/etc/hostname") // "";
          print $name // "";""",
          Function.identity());

  /** The name that the kernel has now. */
  static final Fact<String> RUNNING =
      Fact.file("identity.hostname-running", "/proc/sys/kernel/hostname", "");

  static final Fact<String> HOSTS = Fact.file("identity.hosts", "/etc/hosts", "");

  /** {@code none} where there is no such file. */
  static final Fact<String> MAILNAME =
      Fact.text(
          "identity.mailname",
          "if [ -e /etc/mailname ]; then cat /etc/mailname; else echo none; fi");

  static final Fact<Boolean> AVAHI =
      Fact.flag(
          "identity.avahi",
          """
          if systemctl is-active --quiet avahi-daemon.service 2>/dev/null; then echo yes
          else echo no; fi""");

  private Naming() {}

  static void plan(IdentitySpec spec, Situation situation, Findings.Builder out) {
    Optional<String> name = situation.require(STATIC, out);
    Optional<String> running = situation.require(RUNNING, out);
    Optional<String> hosts = situation.require(HOSTS, out);
    Optional<String> mailname = situation.require(MAILNAME, out);
    if (name.isEmpty() || running.isEmpty() || hosts.isEmpty() || mailname.isEmpty()) {
      return;
    }
    String wanted = situation.host().hostname().value();
    String qualified = spec.domain().map(domain -> wanted + "." + domain).orElse(wanted);
    Set<String> former =
        Stream.of(name.get(), running.get())
            .map(text -> text.split("\\.", -1)[0])
            .filter(text -> !text.isEmpty() && !text.equals(wanted) && !text.equals("localhost"))
            .collect(Collectors.toSet());
    HostsFile file = new HostsFile(hosts.get());
    List<String> names = qualified.equals(wanted) ? List.of(wanted) : List.of(qualified, wanted);
    if (!file.names(names)) {
      HostsFile after = file.with(names, former);
      out.change(
          Stage.IDENTITY,
          file.ownLines().isEmpty() ? Action.CREATE : Action.UPDATE,
          "hosts",
          file.ownLines(),
          after.ownLines(),
          Step.file("/etc/hosts", after.content(), "0644"));
    }
    if (!name.get().equals(wanted) || !running.get().equals(wanted)) {
      out.change(
          Stage.IDENTITY,
          Action.UPDATE,
          "hostname",
          name.get().equals(running.get()) ? name.get() : name.get() + ", now " + running.get(),
          wanted,
          rename(wanted, situation.get(AVAHI).is(true)).toArray(Step[]::new));
    }
    if (!mailname.get().equals("none") && !mailname.get().equals(qualified)) {
      out.change(
          Stage.IDENTITY,
          Action.UPDATE,
          "mailname",
          mailname.get(),
          qualified,
          Step.file("/etc/mailname", qualified + "\n", "0644"));
    }
  }

  /** The name of the next boot is last, so that everything is done again when it is not reached. */
  private static List<Step> rename(String wanted, boolean avahi) {
    List<Step> steps = new ArrayList<>();
    steps.add(Step.run("hostname", wanted));
    if (avahi) {
      steps.add(new Step.ControlUnit("restart", "avahi-daemon.service"));
    }
    steps.add(
        Step.shell(
            """
            hostnamectl set-hostname NAME || true
            [ "$(cat /etc/hostname)" != NAME ] || exit 0
            umask 022
            printf '%s\\n' NAME >/etc/hostname.workr
            sync /etc/hostname.workr
            mv -f /etc/hostname.workr /etc/hostname"""
                .replace("NAME", Shell.quote(wanted))));
    return steps;
  }
}
