package org.workr.capability.platform;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.workr.capability.Capability;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.facts.Reading;
import org.workr.value.Host;

/** Looks at a machine before anything is done to it. It never proposes a change. */
public final class Platform implements Capability<PlatformSpec> {
  /** Seconds between two clocks that nobody has to care about. */
  private static final long SKEW_SHOWN = 5;

  /** Seconds beyond which TLS, apt's signatures of lists, and munge fail. */
  private static final long SKEW_REFUSED = 300;

  /** The host's clock, seconds since 1970. */
  public static final Fact<Long> CLOCK = Fact.perl("platform.clock", "print time;", Long::valueOf);

  /** The devices that the kernel swaps to; files and compressed memory are no concern. */
  static final Fact<List<String>> SWAP =
      Fact.perl(
          "platform.swap",
          "/^([^ \\t]*)[ \\t]*partition[ \\t]/ && print \"$1\\n\" for split /^/, content(\"/proc/swaps\") // \"\";",
          text -> text.lines().filter(line -> !line.startsWith("/dev/zram")).toList());

  /**
   * Not probed on the host: the engine adds the section, seconds since 1970 when it sent the
   * probes.
   */
  public static final Fact<Long> CONTROLLER_CLOCK =
      Fact.of("controller.clock", "false", Long::valueOf);

  /** A planner; it has no state. */
  public Platform() {}

  @Override
  public String name() {
    return "platform";
  }

  @Override
  public Set<Fact<?>> facts(PlatformSpec spec, Host host) {
    // The clock first, so that the time other probes take is no part of the skew.
    Set<Fact<?>> facts = new LinkedHashSet<>();
    facts.add(CLOCK);
    facts.add(OperatingSystem.FACT);
    facts.add(Disks.FACT);
    facts.add(SWAP);
    facts.add(Space.FACT);
    facts.add(Dpkg.FACT);
    facts.add(Dpkg.LOCK);
    return Collections.unmodifiableSet(facts);
  }

  @Override
  public Findings plan(PlatformSpec spec, Situation situation) {
    Findings.Builder findings = situation.findings(name());
    situation.require(OperatingSystem.FACT, findings).ifPresent(os -> system(os, findings));
    disks(spec, situation, findings);
    situation.require(Space.FACT, findings).ifPresent(space -> space.judge(spec, findings));
    situation.require(Dpkg.FACT, findings).ifPresent(dpkg -> dpkg(dpkg, findings));
    lock(situation, findings);
    clock(situation, findings);
    return findings.build();
  }

  private static void system(OperatingSystem os, Findings.Builder findings) {
    if (!os.supported()) {
      findings.error(
          "it runs '" + os.title() + "', which workr does not know",
          "Supported are Debian 12 and 13 (Raspberry Pi OS too), Ubuntu 22.04 and 24.04.");
    }
    if (!OperatingSystem.ARCHITECTURES.contains(os.architecture())) {
      findings.error(
          "its packages are built for '" + os.architecture() + "'",
          "Supported are amd64 and arm64: install a 64-bit system.");
    }
    if (!os.systemd()) {
      findings.warning(
          "systemd is not running as process 1",
          "Files and packages are managed, units are neither started nor enabled. On a real machine"
              + " boot it with systemd.");
    }
  }

  private static void disks(PlatformSpec spec, Situation situation, Findings.Builder findings) {
    Reading<Disks> reading = situation.get(Disks.FACT);
    if (!(reading instanceof Reading.Known<Disks> known)) {
      if (spec.encrypted()) {
        situation.require(Disks.FACT, findings);
      } else {
        findings.warning(
            "its disks could not be read: " + ((Reading.Unknown<Disks>) reading).reason(),
            "Whether its data is encrypted at rest is not known.");
      }
      return;
    }
    Disks disks = known.value();
    List<Disks.Node> luks = disks.luksUnderRoot();
    if (luks.isEmpty()) {
      String what =
          disks.rootIsBlockDevice()
              ? "its root file system '" + disks.root() + "' is not encrypted"
              : "its root file system '" + disks.root() + "' is on no block device";
      if (spec.encrypted()) {
        findings.error(
            what,
            "<disk> is declared, so the machine must be installed with LUKS2 full-disk encryption:"
                + " clone it from an encrypted template.");
      } else if (disks.rootIsBlockDevice()) {
        findings.warning(what, "What is stored on it can be read by whoever takes its disk.");
      }
    }
    for (Disks.Node node : luks) {
      luks(spec, disks, node, findings);
    }
    if (!luks.isEmpty()) {
      situation.require(SWAP, findings).ifPresent(swap -> swap(disks, swap, findings));
    }
  }

  private static void luks(
      PlatformSpec spec, Disks disks, Disks.Node node, Findings.Builder findings) {
    if (node.contentVersion().isEmpty()) {
      findings.warning(
          "the version of LUKS on '" + node.path() + "' could not be read",
          "Look at it: cryptsetup luksDump " + node.path() + ".");
    } else if (!node.contentVersion().equals("2")) {
      String what = "'" + node.path() + "' is LUKS version '" + node.contentVersion() + "'";
      if (spec.encrypted()) {
        findings.error(
            what,
            "Only LUKS2 is managed. Convert the header offline: cryptsetup convert --type luks2.");
      } else {
        findings.warning(what, "Keys of LUKS1 disks are not managed by workr.");
      }
    }
    List<String> twins = disks.pathsOf(node.uuid());
    if (twins.size() > 1) {
      findings.error(
          "the LUKS UUID '" + node.uuid() + "' is on several devices: " + String.join(", ", twins),
          "A clone or the template's disk is attached. Detach it: nobody can tell which one boots.");
    }
  }

  private static void swap(Disks disks, List<String> swap, Findings.Builder findings) {
    for (String device : swap.stream().filter(disks::plain).toList()) {
      findings.warning(
          "its root file system is encrypted, and its swap space '" + device + "' is not",
          "What programs hold in memory, passphrases among it, can be read by whoever takes the"
              + " disk. Switch it off on the template and here (swapoff "
              + device
              + ", and its line in /etc/fstab); a swap file or zram does no harm.");
    }
  }

  private static void dpkg(Dpkg dpkg, Findings.Builder findings) {
    if (dpkg.interrupted()) {
      findings.warning(
          "an installation of packages was not finished: " + dpkg.title().replace("\n", ", "),
          "provision finishes it before anything else.");
    }
  }

  private static void lock(Situation situation, Findings.Builder findings) {
    String holder = situation.get(Dpkg.LOCK).orElse("");
    if (!holder.isEmpty()) {
      findings.warning(
          "the package manager is locked by process " + holder,
          "Whatever needs it waits until that is done.");
    }
  }

  private static void clock(Situation situation, Findings.Builder findings) {
    // Without both clocks there is nothing to compare, and no reason not to go on.
    if (!(situation.get(CLOCK) instanceof Reading.Known<Long> host)
        || !(situation.get(CONTROLLER_CLOCK) instanceof Reading.Known<Long> controller)) {
      return;
    }
    long skew = host.value() - controller.value();
    String what =
        "its clock is "
            + (Math.abs(skew) < 120 ? Math.abs(skew) + " s" : Math.abs(skew) / 60 + " min")
            + (skew < 0 ? " behind" : " ahead of")
            + " the controller's";
    if (Math.abs(skew) > SKEW_REFUSED) {
      findings.error(
          what,
          "Set it (timedatectl set-ntp true, or the hypervisor's clock): TLS and apt refuse to work"
              + " with a wrong clock.");
    } else if (Math.abs(skew) > SKEW_SHOWN) {
      findings.warning(what, "Check that time synchronisation works: timedatectl.");
    }
  }
}
