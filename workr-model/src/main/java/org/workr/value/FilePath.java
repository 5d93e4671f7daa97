package org.workr.value;

/**
 * A file on the controller: absolute, relative to the project's directory, or in the home directory
 * as {@code ~/...}. Only the plugin resolves and reads it.
 *
 * @param value the path as written
 */
public record FilePath(String value) {

  /** Refuses what cannot be a path. */
  public FilePath {
    if (value.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new InvalidValueException(
          "'" + value + "' is not a path", "Use a path such as ~/.ssh/id_ed25519.");
    }
    if (value.startsWith("~") && !value.startsWith("~/")) {
      throw new InvalidValueException(
          "'" + value + "' names another user's home directory",
          "Use ~/ for your own, or an absolute path.");
    }
  }

  /** The path written as {@code text}. */
  public static FilePath parse(String text) {
    return new FilePath(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
