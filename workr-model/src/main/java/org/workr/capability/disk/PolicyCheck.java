package org.workr.capability.disk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.workr.binding.Problems;
import org.workr.value.HttpUrl;
import org.workr.value.Thumbprint;

/** What a policy that can be read may still have wrong with it. */
final class PolicyCheck {
  private final Problems problems;
  private final boolean elements;
  private final boolean trustOnFirstUse;

  /**
   * A check of one policy.
   *
   * @param problems of the {@link DiskSpec}
   * @param elements whether it is written as {@code <unlock>}, not as JSON
   * @param trustOnFirstUse whether servers may be without a thumbprint
   */
  PolicyCheck(Problems problems, boolean elements, boolean trustOnFirstUse) {
    this.problems = problems;
    this.elements = elements;
    this.trustOnFirstUse = trustOnFirstUse;
  }

  void check(Pin.Sss sss) {
    List<Pin.Tang> servers =
        sss.all().filter(Pin.Tang.class::isInstance).map(Pin.Tang.class::cast).toList();
    distinctServers(servers);
    thumbprints(servers);
    threshold(sss);
  }

  private void distinctServers(List<Pin.Tang> servers) {
    Map<String, HttpUrl> hosts = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < servers.size(); i++) {
      if (!problems.usable(place(i, "url"))) {
        continue;
      }
      HttpUrl url = servers.get(i).url();
      HttpUrl other = hosts.putIfAbsent(url.host(), url);
      if (!seen.add(url.host() + ":" + url.port())) {
        problems.error(
            place(i, "url"),
            "'" + url + "' is a server that is declared already",
            "Declare servers that can fail, and be stolen, apart from each other.");
      } else if (other != null) {
        problems.warning(
            place(i, "url"),
            "'" + url + "' is on the same machine as '" + other + "'",
            "Use servers on machines that can fail, and be stolen, apart from each other.");
      }
    }
  }

  private void thumbprints(List<Pin.Tang> servers) {
    Set<Thumbprint> seen = new HashSet<>();
    for (int i = 0; i < servers.size(); i++) {
      if (!problems.usable(place(i, "thumbprint"))) {
        continue;
      }
      HttpUrl url = servers.get(i).url();
      if (servers.get(i).thumbprint().isEmpty() && !trustOnFirstUse) {
        problems.error(
            place(i, "thumbprint"),
            "the Tang server '" + url + "' has no thumbprint, so anyone could answer for it",
            "On the server, run tang-show-keys and add what it prints as "
                + (elements ? "<thumbprint>." : "\"thp\"."));
      }
      int index = i;
      servers
          .get(i)
          .thumbprint()
          .ifPresent(
              thumbprint -> {
                if (!seen.add(thumbprint)) {
                  problems.error(
                      place(index, "thumbprint"),
                      "'" + thumbprint + "' is the thumbprint of another server too",
                      "Servers that share a key count once: give each its own, or remove one.");
                } else if (thumbprint.isSha1()) {
                  problems.warning(
                      place(index, "thumbprint"),
                      "'" + thumbprint + "' is a SHA-1 thumbprint",
                      "Use the 43 characters of SHA-256: tang-show-keys on Tang 11 or later.");
                }
              });
    }
  }

  private void threshold(Pin.Sss sss) {
    String place = elements ? "unlock.threshold" : "policy";
    int pins = sss.pins().size();
    if (pins == 0 && problems.usable("unlock")) {
      problems.error(
          "unlock", "there is nothing in it that unlocks a disk", "Add at least one <tang>.");
    }
    if (pins == 0 || !problems.usable(place)) {
      return;
    }
    if (sss.threshold() > pins) {
      problems.error(
          place,
          "'" + sss.threshold() + "' is more than the " + pins + " that are declared",
          "Use a threshold from 1 to " + pins + ", or declare more Tang servers.");
    } else if (sss.threshold() == pins) {
      problems.warning(
          place,
          pins == 1
              ? "one thing alone unlocks the disks, so no disk unlocks while it is down"
              : "all " + pins + " must answer, so no disk unlocks while one of them is down",
          "Declare one more Tang server than the threshold.");
    }
    if (sss.met(server -> false)) {
      problems.warning(
          place,
          "the TPM alone unlocks the disk, so a stolen machine unlocks itself",
          "Use a threshold of 2 with at least two Tang servers.");
    }
  }

  private String place(int server, String element) {
    return elements ? "unlock.tang[" + server + "]." + element : "policy";
  }
}
