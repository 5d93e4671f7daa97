package org.workr.value;

import java.util.regex.Pattern;

/**
 * Name of a cluster: the first part of the names of its secrets.
 *
 * @param value for example {@code stats}
 */
public record ClusterName(String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?");

  /** Refuses other forms. */
  public ClusterName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a name of a cluster",
          "Use 1 to 32 lower-case letters, digits and hyphens, with no hyphen at either end, such as stats.");
    }
  }

  /** The value written as {@code text}. */
  public static ClusterName parse(String text) {
    return new ClusterName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
