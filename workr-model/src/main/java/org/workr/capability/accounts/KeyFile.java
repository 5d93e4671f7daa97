package org.workr.capability.accounts;

import org.workr.binding.Doc;
import org.workr.value.FilePath;

/**
 * A file with a key on each line.
 *
 * @param path where it is on the controller
 */
@Doc(
    element = "file",
    value = "A file on the controller with a public key on each line.",
    example = "~/.ssh/id_ed25519.pub")
public record KeyFile(FilePath path) implements AuthorizedKey {

  /** The file at {@code text}. */
  public static KeyFile parse(String text) {
    return new KeyFile(FilePath.parse(text));
  }
}
