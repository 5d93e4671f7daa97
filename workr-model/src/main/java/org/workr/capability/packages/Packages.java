package org.workr.capability.packages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.platform.Dpkg;
import org.workr.capability.platform.OperatingSystem;
import org.workr.facts.Fact;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;

/**
 * Packages of the distribution and of declared repositories, and the services they bring.
 *
 * <p>Whatever an interrupted run left half-installed is finished before anything new begins.
 * Nothing is ever removed to make room for something else: that is a problem for a person.
 */
public final class Packages implements Capability<PackagesSpec> {
  /** Identities of the changes whose steps may find that they need a restart, quoted for sh. */
  static final String UPGRADE = "packages.upgrade";

  static final String RESUME = "'packages.interrupted installation'";

  private static final String CERTIFICATES = "ca-certificates";

  private static final Pattern UNKNOWN_PACKAGE =
      Pattern.compile(
          "(?:Unable to locate package |Package ')([^ ']+)(?:' has no installation candidate)?");

  /** A planner; it has no state. */
  public Packages() {}

  @Override
  public String name() {
    return "packages";
  }

  @Override
  public Set<Fact<?>> facts(PackagesSpec spec, Host host) {
    Set<Fact<?>> facts = new LinkedHashSet<>();
    facts.add(OperatingSystem.FACT);
    facts.add(Dpkg.FACT);
    facts.add(PackageState.fact(spec));
    facts.add(AptFiles.FACT);
    facts.add(Units.FACT);
    if (spec.upgrade() != Upgrade.NONE) {
      facts.add(Upgrades.fact(spec.upgrade()));
    }
    return Collections.unmodifiableSet(facts);
  }

  @Override
  public Findings plan(PackagesSpec spec, Situation situation) {
    Findings.Builder findings = situation.findings(name());
    Optional<OperatingSystem> os = situation.require(OperatingSystem.FACT, findings);
    Optional<Dpkg> dpkg = situation.require(Dpkg.FACT, findings);
    Optional<PackageState> state = situation.require(PackageState.fact(spec), findings);
    Optional<AptFiles> files = situation.require(AptFiles.FACT, findings);
    Optional<Units> units = situation.require(Units.FACT, findings);
    if (os.isEmpty() || dpkg.isEmpty() || state.isEmpty() || files.isEmpty() || units.isEmpty()) {
      return findings.build();
    }
    proxy(spec, files.get(), findings);
    resume(spec, dpkg.get(), findings);
    certificates(spec, state.get(), findings);
    Mirror.plan(spec.mirror(), os.get(), files.get(), findings);
    boolean altered = Repositories.plan(spec, os.get(), files.get(), findings);
    install(spec, os.get(), dpkg.get(), state.get(), altered, findings);
    upgrade(spec, situation, dpkg.get(), findings);
    units(state.get(), units.get(), findings);
    return findings.build();
  }

  private static void proxy(PackagesSpec spec, AptFiles files, Findings.Builder findings) {
    Optional<String> before = files.content(AptFiles.PROXY);
    Optional<String> after =
        spec.proxy()
            .map(
                url ->
                    """
                    // Written by workr. Changes are overwritten.
                    Acquire::http::Proxy "%s";
                    """
                        .formatted(url));
    if (before.equals(after)) {
      return;
    }
    findings.change(
        Stage.SYSTEM,
        after.isEmpty() ? Action.DELETE : before.isEmpty() ? Action.CREATE : Action.UPDATE,
        "proxy",
        before.orElse("").strip(),
        after.orElse("").strip(),
        after
            .<Step>map(content -> Step.file(AptFiles.PROXY, content, "0644"))
            .orElseGet(() -> Step.run("rm", "-f", AptFiles.PROXY)));
  }

  private static void resume(PackagesSpec spec, Dpkg dpkg, Findings.Builder findings) {
    if (dpkg.interrupted()) {
      findings.changePerhapsWithRestart(
          Stage.SYSTEM,
          Action.RESUME,
          "interrupted installation",
          dpkg.title(),
          "installed",
          Apt.update(spec.lockTimeout()),
          Apt.resume(spec.lockTimeout()));
    }
  }

  /** Without them apt cannot read a repository over https, and so neither find nor install them. */
  private static void certificates(
      PackagesSpec spec, PackageState state, Findings.Builder findings) {
    boolean needed =
        spec.repositories().stream().anyMatch(r -> r.url().template().startsWith("https:"))
            || spec.mirror().filter(url -> url.isEncrypted()).isPresent();
    if (needed && !state.certificates()) {
      findings.change(
          Stage.SYSTEM,
          Action.CREATE,
          CERTIFICATES,
          "",
          CERTIFICATES,
          Apt.update(spec.lockTimeout()),
          new Step.InstallPackages(List.of(CERTIFICATES), spec.lockTimeout()));
    }
  }

  private static void install(
      PackagesSpec spec,
      OperatingSystem os,
      Dpkg dpkg,
      PackageState state,
      boolean sourcesAltered,
      Findings.Builder findings) {
    if (state.missing().isEmpty()) {
      return;
    }
    if (!dpkg.interrupted() && !dpkg.busy() && !sourcesAltered && state.listsCurrent()) {
      predicted(os, state, findings);
    }
    List<String> names = state.missing().stream().sorted().toList();
    List<Step> steps = new ArrayList<>();
    steps.add(Apt.update(spec.lockTimeout()));
    steps.add(new Step.InstallPackages(names, spec.lockTimeout()));
    findings.change(
        Stage.SYSTEM,
        Action.CREATE,
        "install",
        "",
        String.join("\n", names),
        steps.toArray(Step[]::new));
  }

  /** What apt would refuse is said before the first change, as far as the host's lists tell it. */
  private static void predicted(OperatingSystem os, PackageState state, Findings.Builder findings) {
    List<String> unknown = new ArrayList<>();
    List<String> other = new ArrayList<>();
    for (String error : state.errors()) {
      Matcher matcher = UNKNOWN_PACKAGE.matcher(error);
      if (matcher.matches()) {
        unknown.add(matcher.group(1));
      } else {
        other.add(error);
      }
    }
    if (!unknown.isEmpty()) {
      findings.error(
          "the package lists of "
              + os.title()
              + " do not have '"
              + String.join("', '", unknown)
              + "'",
          "Correct the names in <packages>, or declare the repository that has them. If one is new in"
              + " the distribution, run apt-get update on the host.");
    } else if (!other.isEmpty()) {
      findings.error(
          "apt would refuse to install "
              + String.join(", ", state.missing())
              + ": '"
              + String.join(" ", other)
              + "'",
          "See what it says on the host: apt-get -s install " + String.join(" ", state.missing()));
    }
    if (!state.removals().isEmpty()) {
      findings.error(
          "installing "
              + String.join(", ", state.missing())
              + " would remove '"
              + String.join(", ", state.removals())
              + "'",
          "Decide which of them it shall be: remove the one by hand, or take the other out of"
              + " <packages>.");
    }
  }

  private static void upgrade(
      PackagesSpec spec, Situation situation, Dpkg dpkg, Findings.Builder findings) {
    if (spec.upgrade() == Upgrade.NONE) {
      return;
    }
    Fact<Upgrades> fact = Upgrades.fact(spec.upgrade());
    Optional<Upgrades> known =
        dpkg.interrupted() || dpkg.busy()
            // apt does not answer while packages are half installed.
            ? Optional.of(situation.get(fact).orElse(new Upgrades(false, List.of())))
            : situation.require(fact, findings);
    if (known.isEmpty() || (known.get().listsFresh() && known.get().packages().isEmpty())) {
      return;
    }
    // What another package manager is at work on changes until it is its turn here.
    Upgrades upgrades = dpkg.busy() ? new Upgrades(false, List.of()) : known.get();
    String before =
        dpkg.busy()
            ? "not known while another package manager is at work"
            : upgrades.packages().isEmpty()
                ? "package lists older than a week"
                : String.join("\n", upgrades.packages());
    Step[] steps = {
      Apt.updateAll(spec.lockTimeout()),
      spec.upgrade() == Upgrade.ALL
          ? Apt.upgradeAll(spec.lockTimeout())
          : Apt.upgradeSecurity(spec.lockTimeout())
    };
    if (upgrades.needRestart()) {
      findings.changeWithRestart(
          Stage.SYSTEM, Action.UPDATE, "upgrade", before, "up to date", steps);
    } else {
      // The lists are refreshed first, and then there may be more than is known now.
      findings.changePerhapsWithRestart(
          Stage.SYSTEM, Action.UPDATE, "upgrade", before, "up to date", steps);
    }
  }

  private static void units(PackageState state, Units units, Findings.Builder findings) {
    if (!units.running()) {
      return;
    }
    TreeMap<String, String> wanted = new TreeMap<>();
    state.wanted().stream()
        .filter(Units.BY_PACKAGE::containsKey)
        .forEach(name -> wanted.put(Units.BY_PACKAGE.getOrDefault(name, ""), name));
    wanted.forEach(
        (unit, name) -> {
          boolean agent = name.equals("qemu-guest-agent");
          if (agent && !state.guestPort()) {
            return; // The hypervisor offers it no channel: it cannot run before that.
          }
          Units.State now = units.states().getOrDefault(unit, new Units.State("inactive", ""));
          if (now.masked()) {
            findings.error(
                "'" + unit + "' is masked, so it cannot be started",
                "Somebody forbade it on the host: systemctl unmask "
                    + unit
                    + ", or take it out of"
                    + " <packages>.");
          } else if (!now.runs() || !now.starts()) {
            findings.change(
                Stage.SYSTEM,
                Action.UPDATE,
                unit,
                units.states().containsKey(unit) ? now.title() : "",
                agent ? "active" : "active, enabled",
                // Its unit is started by the channel's appearance, there is nothing to enable.
                agent
                    ? Step.run("systemctl", "start", unit)
                    : Step.run("systemctl", "enable", "--now", unit));
          }
        });
  }
}
