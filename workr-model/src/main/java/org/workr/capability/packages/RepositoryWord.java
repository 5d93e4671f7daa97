package org.workr.capability.packages;

import java.util.regex.Pattern;
import org.workr.value.InvalidValueException;

/**
 * A name, suite or component of a package repository: one word that is safe in a sources file and
 * in a file name.
 *
 * @param value for example {@code stable}
 */
public record RepositoryWord(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");

  /** Refuses blanks and what would leave a directory. */
  public RepositoryWord {
    if (!FORM.matcher(value).matches() || value.contains("..")) {
      throw new InvalidValueException(
          "'" + value + "' is not one word of a package repository",
          "Use letters, digits, full stops, hyphens and slashes, such as stable or main.");
    }
  }

  /** The word {@code text}. */
  public static RepositoryWord parse(String text) {
    return new RepositoryWord(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
