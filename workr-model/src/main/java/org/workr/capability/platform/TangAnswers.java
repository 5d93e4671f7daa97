package org.workr.capability.platform;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Fact;
import org.workr.facts.Reading;
import org.workr.render.Shell;

/** Asks the declared Tang servers, from the host, for the keys that the pom pins. */
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
   * One answer for each server, in order; no answers at all when the host has no curl yet. A server
   * is asked for the advertisement that the pinned key signs, which it gives even when that key has
   * been rotated away.
   */
  static Fact<List<Answer>> fact(List<PlatformSpec.Tang> servers) {
    String urls =
        servers.stream()
            .map(tang -> Shell.quote(tang.url() + "/adv/" + tang.thumbprint()))
            .collect(Collectors.joining(" "));
    String probe =
        """
        command -v curl >/dev/null || { echo no-curl; exit 0; }
        for url in %s; do
          status=0
          body=$(curl -sf --noproxy '*' --connect-timeout 3 --max-time 6 --max-filesize 65536 "$url") \\
            || status=$?
          printf '%%s ' "$status"
          printf '%%s' "$body" | tr -d '\\n'
          echo
        done"""
            .formatted(urls);
    return Fact.of("platform.tang", probe, TangAnswers::parse);
  }

  private static List<Answer> parse(String text) {
    if (text.equals("no-curl")) {
      return List.of();
    }
    List<Answer> answers = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] parts = line.split(" ", 2);
      answers.add(new Answer(Integer.parseInt(parts[0]), parts.length > 1 ? parts[1].strip() : ""));
    }
    return List.copyOf(answers);
  }

  /** Compares the answers with what is pinned. */
  static void judge(PlatformSpec spec, Situation situation, Findings.Builder findings) {
    Reading<List<Answer>> reading = situation.get(fact(spec.tang()));
    if (!(reading instanceof Reading.Known<List<Answer>> known)) {
      situation.require(fact(spec.tang()), findings);
      return;
    }
    List<Answer> answers = known.value();
    if (answers.isEmpty()) {
      findings.warning(
          "whether the Tang servers answer is not known: the host has no curl yet",
          "It comes with Clevis; run validate -Dworkr.online again after provision.");
      return;
    }
    int good = 0;
    for (int i = 0; i < spec.tang().size(); i++) {
      PlatformSpec.Tang tang = spec.tang().get(i);
      Answer answer = i < answers.size() ? answers.get(i) : new Answer(-1, "");
      if (answer.status() != 0) {
        findings.warning(
            "the Tang server '" + tang.url() + "' does not answer (curl: " + answer.status() + ")",
            meaning(answer.status()));
      } else if (signed(tang, answer, findings)) {
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
  private static String meaning(int status) {
    return switch (status) {
      case 6 -> "Its name cannot be resolved from the host.";
      case 7 -> "The connection is refused: is tangd.socket active there?";
      case 22 -> "It refused the request: it has no key with the declared thumbprint.";
      case 28 -> "It did not answer in time: check the route and the firewall.";
      default -> "Check it from the host with curl.";
    };
  }

  private static boolean signed(PlatformSpec.Tang tang, Answer answer, Findings.Builder findings) {
    TangAdvertisement advertisement;
    try {
      advertisement = TangAdvertisement.parse(answer.body());
    } catch (IllegalArgumentException e) {
      findings.error(
          "'" + tang.url() + "' answers, but not as a Tang server: " + e.getMessage(),
          "Correct <url>: it must be the server's root, without /adv.");
      return false;
    }
    if (!advertisement.signedBy(tang.thumbprint())) {
      findings.error(
          "what '"
              + tang.url()
              + "' advertises is not signed by the key '"
              + tang.thumbprint()
              + "'",
          "It has signed with "
              + advertisement.signers()
              + ". If its keys were replaced, take the thumbprint from tang-show-keys on the server"
              + " itself; if not, somebody answers in its place.");
      return false;
    }
    return true;
  }
}
