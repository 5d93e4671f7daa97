package org.workr.capability.disk;

import java.util.List;
import java.util.Optional;
import org.workr.capability.Findings;
import org.workr.value.Thumbprint;
import tools.jackson.databind.JsonNode;

/**
 * What one Tang server said, and whether a disk may be bound to it.
 *
 * @param tang the server as declared
 * @param answer what it said
 * @param all whether it must be usable, because a disk is about to be bound to it
 * @param bound what the host is bound to: those keys vouch for their successors
 * @param findings where it is told
 */
record TangAnswer(
    Pin.Tang tang,
    TangAnswers.Answer answer,
    boolean all,
    BoundServers bound,
    Findings.Builder findings) {

  /** The server with the thumbprint to pin; empty when it cannot be used. */
  Optional<TangAnswers.Usable> usable() {
    String url = tang.url().value();
    if (answer.status() != 0) {
      String what = "the Tang server '" + url + "' does not answer (curl: " + answer.status() + ")";
      if (all) {
        findings.error(
            what, meaning() + " To bind a disk, every server must answer, whatever the threshold.");
      } else {
        findings.warning(what, meaning());
      }
      return Optional.empty();
    }
    TangAdvertisement advertisement;
    try {
      advertisement = TangAdvertisement.parse(answer.body());
    } catch (IllegalArgumentException e) {
      findings.error(
          "'" + url + "' answers, but not as a Tang server: " + e.getMessage(),
          "Correct <url>: it must be the server's root, without /adv.");
      return Optional.empty();
    }
    return (tang.thumbprint().isPresent()
            ? pinned(advertisement, tang.thumbprint().get().value())
            : first(advertisement))
        .map(server -> new TangAnswers.Usable(server, advertisement.keys()));
  }

  /**
   * Whatever key it shows is pinned from now on: what it shows later must be signed by a key that
   * the host is bound to. A successor is pinned only when none of those is advertised any more.
   */
  private Optional<Pin.Tang> first(TangAdvertisement advertisement) {
    List<String> signers = advertisement.signers();
    if (signers.isEmpty()) {
      findings.error(
          "what '" + tang.url() + "' advertises is signed by none of its keys",
          "Look at it: curl " + tang.url() + "/adv. Is it a Tang server?");
      return Optional.empty();
    }
    List<JsonNode> known = bound.keysAt(tang.url().value());
    if (!known.isEmpty() && known.stream().noneMatch(advertisement::vouchedFor)) {
      findings.error(
          "what '"
              + tang.url()
              + "' advertises is signed by none of the keys that this host is bound to",
          "It has signed with "
              + signers
              + ". If its keys were replaced, run tang-show-keys on the server itself and declare"
              + " what it prints as its thumbprint; if not, somebody answers in its place.");
      return Optional.empty();
    }
    String pinned =
        signers.stream()
            .filter(
                signer ->
                    known.stream()
                        .anyMatch(key -> TangAdvertisement.thumbprints(key).contains(signer)))
            .findFirst()
            .orElse(signers.get(0));
    return Optional.of(new Pin.Tang(tang.url(), Optional.of(new Thumbprint(pinned))));
  }

  private Optional<Pin.Tang> pinned(TangAdvertisement advertisement, String thumbprint) {
    if (advertisement.signedBy(thumbprint)) {
      return Optional.of(tang);
    }
    List<String> signers = advertisement.signers();
    boolean vouched = bound.signs(thumbprint, advertisement);
    if (vouched && !all) {
      findings.warning(
          "the keys of the Tang server '"
              + tang.url()
              + "' were rotated: the pinned key '"
              + thumbprint
              + "' says that its successor is "
              + signers,
          "Put the new thumbprint into the pom and run the goal again: every host is bound to it"
              + " then. Keep the old keys on the server until workr:status says that they may go.");
      return Optional.of(tang);
    }
    findings.error(
        "what '" + tang.url() + "' advertises is not signed by the key '" + thumbprint + "'",
        "It has signed with "
            + signers
            + (vouched
                ? ", and the pinned key vouches for that: its keys were rotated. Put the new"
                    + " thumbprint into the pom."
                : ". If its keys were replaced, take the thumbprint from tang-show-keys on the"
                    + " server itself; if not, somebody answers in its place."));
    return Optional.empty();
  }

  /** What a status of curl(1) means for the person. */
  private String meaning() {
    return switch (answer.status()) {
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
}
