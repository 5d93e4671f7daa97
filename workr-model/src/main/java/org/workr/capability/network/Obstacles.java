package org.workr.capability.network;

import java.util.Optional;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;

/** What speaks against changing the address, found before anything is changed. */
final class Obstacles {
  private Obstacles() {}

  /** Whether there is any; each becomes an error in {@code out}, and what is only odd a warning. */
  static boolean found(AddressPlan plan, Situation situation, Findings.Builder out) {
    Observed host = plan.host();
    Wanted wanted = plan.wanted();
    boolean found = false;
    if (host.pending().elsewhere(plan.backend(), wanted.networkInterface())) {
      out.error(
          "a change of '"
              + host.pending().networkInterface().orElse("another interface")
              + "' that an earlier run began was never confirmed",
          (host.pending().armed()
                  ? "The machine takes it back by itself within three minutes; run the goal again"
                      + " then. If it does not, run there: sh "
                  : "No timer takes it back before the next boot. Run there, and then the goal"
                      + " again: sh ")
              + Deadman.HOME
              + "/deadman rollback");
      found = true;
    }
    for (String obstacle : plan.claims().obstacles()) {
      out.error(obstacle, "workr cannot take that apart. Do it by hand and run the goal again.");
      found = true;
    }
    for (String upper : host.link().uppers()) {
      if (plan.claims().obstacles().isEmpty()) {
        out.error(
            "'" + upper + "' stands on top of " + wanted.networkInterface() + " and would go down",
            "workr cannot take that apart. Do it by hand and run the goal again.");
        found = true;
      }
    }
    if (host.resolver().deaf(plan.backend()) && !wanted.nameservers().isEmpty()) {
      out.error(
          "another program writes /etc/resolv.conf, and "
              + plan.backend().title()
              + " does not tell it the name servers",
          "Remove resolvconf, or let systemd-resolved look up names, and run the goal again.");
      found = true;
    }
    Optional<String> elsewhere =
        host.addresses().stream()
            .filter(address -> address.ip().equals(wanted.address().ip()))
            .map(LocalAddress::networkInterface)
            .filter(name -> !name.equals(wanted.networkInterface()))
            .findFirst();
    if (elsewhere.isPresent()) {
      out.error(
          "the machine has the address '"
              + wanted.address().ip()
              + "' on "
              + elsewhere.get()
              + ", not on "
              + wanted.networkInterface(),
          "Correct <interface>, or take the address off " + elsewhere.get() + ".");
      found = true;
    }
    found |= neighbours(plan, situation, out);
    remarks(plan, out);
    return found;
  }

  private static boolean neighbours(AddressPlan plan, Situation situation, Findings.Builder out) {
    Wanted wanted = plan.wanted();
    Optional<Neighbours> asked =
        situation.require(
            Neighbours.fact(
                InterfaceProbe.of(plan.spec(), situation.host()), plan.spec().gateway()),
            out);
    if (asked.isEmpty()) {
      return true;
    }
    Neighbours neighbours = asked.get();
    neighbours
        .holder()
        .ifPresent(
            mac ->
                out.error(
                    "the address '" + wanted.address().ip() + "' is already taken by " + mac,
                    "Find that machine, or declare another <address>. Nothing was changed."));
    boolean silent = neighbours.gatewaySilent() && wanted.gateway().isPresent();
    if (silent) {
      String used =
          plan.host().routes().stream()
              .flatMap(route -> route.gateway().stream())
              .map(gateway -> gateway.toString())
              .distinct()
              .collect(Collectors.joining(", "));
      out.error(
          "the gateway '"
              + wanted.gateway().orElseThrow()
              + "' does not answer on "
              + wanted.networkInterface(),
          (used.isEmpty()
                  ? "The machine uses no gateway now."
                  : "The machine uses " + used + " now.")
              + " Correct <gateway>, or mend the network. Nothing was changed.");
    }
    return silent || neighbours.holder().isPresent();
  }

  private static void remarks(AddressPlan plan, Findings.Builder out) {
    plan.claims()
        .lost(plan.backend().replaced())
        .ifPresent(
            lost ->
                out.warning(
                    "settings of " + plan.wanted().networkInterface() + " get lost: " + lost,
                    "workr declares the interface anew. The old files are kept in "
                        + Deadman.HOME
                        + "/backup on the machine."));
    plan.host()
        .pending()
        .rolledBack()
        .ifPresent(
            why ->
                out.warning(
                    "the last change of the network was taken back: " + why,
                    "If that can happen again, correct it before you go on."));
  }
}
