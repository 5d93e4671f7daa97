package org.workr.value;

import java.util.regex.Pattern;

/**
 * A DNS domain in lower case, without a full stop at the end (RFC 1123, section 2.1).
 *
 * @param value for example {@code cluster.example.org}
 */
public record DomainName(String value) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

  /** Refuses other forms. */
  public DomainName {
    if (!FORM.matcher(value).matches()) {
      throw new InvalidValueException(
          "'" + value + "' is not a DNS domain",
          "Use lower-case labels with full stops between them, such as cluster.example.org.");
    }
  }

  /** The value written as {@code text}. */
  public static DomainName parse(String text) {
    return new DomainName(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
