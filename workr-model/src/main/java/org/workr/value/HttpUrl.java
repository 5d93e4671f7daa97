package org.workr.value;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An address of the web: {@code http} or {@code https}, a host, no credentials.
 *
 * @param value the URL, in lower case up to the host, without a slash at the end
 */
public record HttpUrl(String value) {
  private static final Pattern CREDENTIALS = Pattern.compile("^[^/]*//[^/]*@");
  private static final Pattern START = Pattern.compile("^[A-Za-z]+://[^/]*");

  /** Refuses other schemes, and never quotes a URL that has credentials in it. */
  public HttpUrl {
    Matcher start = START.matcher(value);
    if (start.find()) {
      value = start.group().toLowerCase(Locale.ROOT) + value.substring(start.end());
    }
    while (value.endsWith("/")) {
      value = value.substring(0, value.length() - 1);
    }
    // Before parsing: also what is no URL must not be quoted when it carries a password.
    if (CREDENTIALS.matcher(value).find()) {
      throw new InvalidValueException(
          "the URL has credentials in it, which do not belong in a pom",
          "Remove the part before the @, and take the password for exposed.");
    }
    URI uri = uri(value);
    if (uri == null
        || uri.getHost() == null
        || !("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        || uri.getPort() == 0
        || uri.getPort() > 65535
        || uri.getRawFragment() != null) {
      throw new InvalidValueException(
          "'" + value + "' is not the URL of a web server",
          "Use a value such as https://example.org/path.");
    }
  }

  /** The URL written as {@code text}. */
  public static HttpUrl parse(String text) {
    return new HttpUrl(text);
  }

  /** Whether the connection is encrypted. */
  public boolean isEncrypted() {
    return value.startsWith("https:");
  }

  /** The port, also when the URL leaves it out. */
  public int port() {
    int port = URI.create(value).getPort();
    return port >= 0 ? port : isEncrypted() ? 443 : 80;
  }

  /** The host's address, if it is written as one. */
  public Optional<Ipv4> address() {
    try {
      return Optional.of(Ipv4.parse(host()));
    } catch (InvalidValueException e) {
      return Optional.empty();
    }
  }

  /** The host's name or address, in lower case. */
  public String host() {
    return URI.create(value).getHost().toLowerCase(Locale.ROOT);
  }

  private static @Nullable URI uri(String value) {
    try {
      return new URI(value);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
