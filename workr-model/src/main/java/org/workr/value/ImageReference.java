package org.workr.value;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A container image: {@code [registry/]name[:tag][@digest]}, by the grammar of the distribution
 * project's reference package.
 *
 * @param value the reference as written
 */
public record ImageReference(String value) {
  private static final String LABEL = "[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final String REGISTRY =
      "(?:localhost|" + LABEL + "(?:\\." + LABEL + ")+|" + LABEL + "(?=:\\d))(?::\\d{1,5})?";
  private static final String COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
  private static final Pattern FORM =
      Pattern.compile(
          "(?<name>(?:(?<registry>"
              + REGISTRY
              + ")/)?"
              + COMPONENT
              + "(?:/"
              + COMPONENT
              + ")*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}"
              + "|sha512:[0-9a-f]{128}))?");

  /** Refuses what a container engine would refuse. */
  public ImageReference {
    Matcher matcher = FORM.matcher(value);
    if (!matcher.matches() || matcher.group("name").length() > 255) {
      throw new InvalidValueException(
          "'" + value + "' is not a reference to a container image",
          "Use registry/name:tag in lower case, such as rocker/geospatial:4.4.2, with"
              + " @sha256:<64 hexadecimal digits> behind it to pin it.");
    }
  }

  /** The reference written as {@code text}. */
  public static ImageReference parse(String text) {
    return new ImageReference(text);
  }

  /** The tag, if there is one. */
  public Optional<String> tag() {
    return part("tag");
  }

  /** The digest, if there is one: {@code sha256:...}. */
  public Optional<String> digest() {
    return part("digest");
  }

  /** The registry, with its port, if the reference names one. */
  public Optional<String> registry() {
    return part("registry");
  }

  /** The reference without tag and digest. */
  public String name() {
    return part("name").orElseThrow();
  }

  private Optional<String> part(String group) {
    Matcher matcher = FORM.matcher(value);
    return matcher.matches() ? Optional.ofNullable(matcher.group(group)) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
