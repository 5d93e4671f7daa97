package org.workr.capability.accounts;

import org.workr.binding.Doc;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;

/**
 * A web address that answers with a key on each line.
 *
 * @param url where it is; encrypted, because what it answers may log in
 */
@Doc(
    element = "url",
    value =
        "A web address that answers with a public key on each line. The controller fetches it once,"
            + " and its keys are then pinned.",
    example = "https://example.org/exampleuser.keys")
public record KeyUrl(HttpUrl url) implements AuthorizedKey {

  /** Refuses what anyone on the way could change. */
  public KeyUrl {
    if (!url.isEncrypted()) {
      throw new InvalidValueException(
          "'" + url + "' is not encrypted, so anyone on the way could put a key there",
          "Use https.");
    }
  }

  /** The address {@code text}. */
  public static KeyUrl parse(String text) {
    return new KeyUrl(HttpUrl.parse(text));
  }
}
