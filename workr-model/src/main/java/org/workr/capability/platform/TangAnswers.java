package org.workr.capability.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.render.Shell;

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
  static Fact<Optional<List<Answer>>> fact(List<PlatformSpec.Tang> servers) {
    String urls =
        servers.stream()
            .map(
                tang ->
                    tang.url() + "/adv" + tang.thumbprint().map(print -> "/" + print).orElse(""))
            .map(Shell::quote)
            .collect(Collectors.joining(" "));
    // One process for all of them. Its own status is only that of the last server.
    String probe =
        """
        command -v curl >/dev/null || { echo no-curl; exit 0; }
        curl -sf --noproxy '*' --connect-timeout 3 --max-time 6 --max-filesize 65536 \\
          -w '\\n= %%{exitcode}\\n' %s || :"""
            .formatted(urls);
    return Fact.of("platform.tang", probe, TangAnswers::parse);
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

  /** Compares the answers with what is pinned. */
  static void judge(PlatformSpec spec, Situation situation, Findings.Builder findings) {
    Optional<Optional<List<Answer>>> known = situation.require(fact(spec.tang()), findings);
    if (known.isEmpty()) {
      return;
    }
    if (known.get().isEmpty()) {
      findings.warning(
          "whether the Tang servers answer is not known: the host has no curl yet",
          "It comes with Clevis; run validate -Dworkr.online again after provision.");
      return;
    }
    List<Answer> answers = known.get().get();
    if (answers.size() != spec.tang().size()) {
      // What one server says must not be taken for another's.
      findings.error(
          answers.size() + " answers came from " + spec.tang().size() + " Tang servers",
          "One of them does not answer as a Tang server: look at each with curl.");
      return;
    }
    int good = 0;
    for (int i = 0; i < spec.tang().size(); i++) {
      PlatformSpec.Tang tang = spec.tang().get(i);
      Answer answer = answers.get(i);
      if (answer.status() != 0) {
        findings.warning(
            "the Tang server '" + tang.url() + "' does not answer (curl: " + answer.status() + ")",
            meaning(tang, answer.status()));
      } else if (usable(tang, answer, findings)) {
        good++;
      }
    }
    if (good < spec.threshold()) {
      findings.error(
          good
              + " of "
              + spec.tang().size()
              + " Tang servers are usable, "
              + spec.threshold()
              + " are needed",
          "A machine that restarts now waits for its passphrase. Start the servers, or correct"
              + " <unlock>.");
    }
  }

  /** What a status of curl(1) means for the person. */
  private static String meaning(PlatformSpec.Tang tang, int status) {
    return switch (status) {
      case 6 -> "Its name cannot be resolved from the host.";
      case 7 -> "The connection is refused: is tangd.socket active there?";
      case 22 ->
          tang.thumbprint().isPresent()
              ? "It refused the request: it has no key with the declared thumbprint."
              : "It refused the request: is it a Tang server, and <url> its root, without /adv?";
      case 28 -> "It did not answer in time: check the route and the firewall.";
      default -> "Check it from the host with curl.";
    };
  }

  private static boolean usable(PlatformSpec.Tang tang, Answer answer, Findings.Builder findings) {
    TangAdvertisement advertisement;
    try {
      advertisement = TangAdvertisement.parse(answer.body());
    } catch (IllegalArgumentException e) {
      findings.error(
          "'" + tang.url() + "' answers, but not as a Tang server: " + e.getMessage(),
          "Correct <url>: it must be the server's root, without /adv.");
      return false;
    }
    if (tang.thumbprint().isEmpty()) {
      return true;
    }
    String thumbprint = tang.thumbprint().get();
    if (!advertisement.signedBy(thumbprint)) {
      findings.error(
          "what '" + tang.url() + "' advertises is not signed by the key '" + thumbprint + "'",
          "It has signed with "
              + advertisement.signers()
              + ". If its keys were replaced, take the thumbprint from tang-show-keys on the server"
              + " itself; if not, somebody answers in its place.");
      return false;
    }
    return true;
  }
}
