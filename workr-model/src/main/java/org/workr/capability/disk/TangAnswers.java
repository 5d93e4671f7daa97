package org.workr.capability.disk;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.value.HttpUrl;
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
   * A server that a disk can be bound to.
   *
   * @param tang with the thumbprint to pin
   * @param keys what it advertises; empty when it could not be asked
   */
  record Usable(Pin.Tang tang, List<JsonNode> keys) {}

  /** One answer for each server, in order; empty when the host has nothing to ask them with. */
  static Fact<Optional<List<Answer>>> fact(List<Pin.Tang> servers) {
    return Fact.of("disk.tang", TangProbe.of(servers), TangAnswers::parse);
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
   * @param policy whose servers they are, in the order of the answers
   * @param all whether every one must be usable, because a disk is about to be bound to it
   * @param bound what the host is bound to: those keys vouch for their successors
   * @return the servers, each with the thumbprint to pin; empty when nothing can be bound now
   */
  static Optional<List<Usable>> judge(
      Pin.Sss policy,
      boolean all,
      BoundServers bound,
      Situation situation,
      Findings.Builder findings) {
    List<Pin.Tang> servers = policy.servers();
    Optional<Optional<List<Answer>>> answered = situation.require(fact(servers), findings);
    if (answered.isEmpty()) {
      return Optional.empty();
    }
    if (answered.get().isEmpty()) {
      boolean pinned = servers.stream().allMatch(tang -> tang.thumbprint().isPresent());
      findings.warning(
          "whether the Tang servers answer is not known: the host has no curl yet, and not all are"
              + " asked by http",
          pinned
              ? "It comes with Clevis, and before a disk is bound every server is asked."
              : "It comes with Clevis. Run the goal again then: keys without a thumbprint have to be"
                  + " seen before a disk is bound to them.");
      return pinned
          ? Optional.of(servers.stream().map(tang -> new Usable(tang, List.of())).toList())
          : Optional.empty();
    }
    List<Answer> answers = answered.get().get();
    if (answers.size() != servers.size()) {
      // What one server says must not be taken for another's.
      findings.error(
          answers.size() + " answers came from " + servers.size() + " Tang servers",
          "One of them does not answer as a Tang server: look at each with curl.");
      return Optional.empty();
    }
    List<Usable> usable = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      new TangAnswer(servers.get(i), answers.get(i), all, bound, findings)
          .usable()
          .ifPresent(usable::add);
    }
    Set<HttpUrl> there = usable.stream().map(one -> one.tang().url()).collect(Collectors.toSet());
    if (!all && !policy.met(tang -> there.contains(tang.url()))) {
      findings.error(
          usable.size()
              + " of "
              + servers.size()
              + " Tang servers are usable, "
              + (policy.pins().stream().allMatch(Pin.Tang.class::isInstance)
                  ? policy.threshold() + " are needed"
                  : "too few for " + BoundText.of(policy)),
          "A machine that restarts now waits for its passphrase. Start the servers, or correct "
              + "what unlocks the disks.");
    }
    return usable.size() == servers.size() ? Optional.of(usable) : Optional.empty();
  }
}
