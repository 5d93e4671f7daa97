package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.render.Shell;
import tools.jackson.databind.JsonNode;

/**
 * Asks the declared Tang servers, from the host, for the keys that the pom pins, or for whatever
 * keys they have where it pins none.
 */
final class TangAnswers {

  /**
   * What one server said.
   *
   * @param status of curl(1): 0 when there was an answer
   * @param body the answer; empty when there was none
   */
  record Answer(int status, String body) {}

  private TangAnswers() {}

  /**
   * One answer for each server, in order; empty when the host has no curl yet. A server is asked
   * for the advertisement that the pinned key signs, which it gives even when that key has been
   * rotated away.
   */
  static Fact<Optional<List<Answer>>> fact(List<Pin.Tang> servers) {
    String urls =
        servers.stream()
            .map(
                tang ->
                    tang.url().value()
                        + "/adv"
                        + tang.thumbprint().map(print -> "/" + print).orElse(""))
            .map(Shell::quote)
            .collect(Collectors.joining(" "));
    // One process for all of them. Its own status is only that of the last server.
    String probe =
        """
        command -v curl >/dev/null || { echo no-curl; exit 0; }
        curl -sf --noproxy '*' --connect-timeout 3 --max-time 6 --max-filesize 65536 \\
          -w '\\n= %%{exitcode}\\n' %s || :"""
            .formatted(urls);
    return Fact.of("disk.tang", probe, TangAnswers::parse);
  }

  private static Optional<List<Answer>> parse(String text) {
    if (text.equals("no-curl")) {
      return Optional.empty();
    }
    List<Answer> answers = new ArrayList<>();
    StringBuilder body = new StringBuilder();
    for (String line : text.lines().toList()) {
      if (line.startsWith("= ")) {
        answers.add(new Answer(Integer.parseInt(line.substring(2)), body.toString().strip()));
        body.setLength(0);
      } else {
        body.append(line).append('\n');
      }
    }
    return Optional.of(List.copyOf(answers));
  }

  /**
   * Compares the answers with what is pinned.
   *
   * @param servers in the order of the answers
   * @param needed how many must be usable for a host to unlock; 0 when that is not one number
   * @param all whether every one must be usable, because a disk is about to be bound to it
   * @param known keys that bindings of this host are pinned to: they vouch for their successors
   * @return the servers, each with the thumbprint to pin; empty when nothing can be bound now
   */
  static Optional<List<Pin.Tang>> judge(
      List<Pin.Tang> servers,
      int needed,
      boolean all,
      List<JsonNode> known,
      Situation situation,
      Findings.Builder findings) {
    Optional<Optional<List<Answer>>> answered = situation.require(fact(servers), findings);
    if (answered.isEmpty()) {
      return Optional.empty();
    }
    if (answered.get().isEmpty()) {
      boolean pinned = servers.stream().allMatch(tang -> tang.thumbprint().isPresent());
      findings.warning(
          "whether the Tang servers answer is not known: the host has no curl yet",
          pinned
              ? "It comes with Clevis, and before a disk is bound every server is asked."
              : "It comes with Clevis. Run the goal again then: keys without a thumbprint have to be"
                  + " seen before a disk is bound to them.");
      return pinned ? Optional.of(servers) : Optional.empty();
    }
    List<Answer> answers = answered.get().get();
    if (answers.size() != servers.size()) {
      // What one server says must not be taken for another's.
      findings.error(
          answers.size() + " answers came from " + servers.size() + " Tang servers",
          "One of them does not answer as a Tang server: look at each with curl.");
      return Optional.empty();
    }
    List<Pin.Tang> usable = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      new TangAnswer(servers.get(i), answers.get(i), all, known, findings)
          .usable()
          .ifPresent(usable::add);
    }
    if (!all && usable.size() < needed) {
      findings.error(
          usable.size()
              + " of "
              + servers.size()
              + " Tang servers are usable, "
              + needed
              + " are needed",
          "A machine that restarts now waits for its passphrase. Start the servers, or correct"
              + " <unlock>.");
    }
    return usable.size() == servers.size() ? Optional.of(usable) : Optional.empty();
  }
}
