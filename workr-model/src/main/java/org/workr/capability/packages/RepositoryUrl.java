package org.workr.capability.packages;

import org.workr.value.HttpUrl;

/**
 * Where a package repository is, perhaps with {@code {distribution}} in it.
 *
 * @param template the URL as written
 */
public record RepositoryUrl(String template) {
  private static final String DISTRIBUTION = "{distribution}";

  /** Refuses what is no URL when the placeholder is filled in. */
  public RepositoryUrl {
    filledIn(template, "debian");
  }

  /** The URL written as {@code text}. */
  public static RepositoryUrl parse(String text) {
    return new RepositoryUrl(text);
  }

  /**
   * The URL for a host.
   *
   * @param distribution the host's {@code ID} in {@code /etc/os-release}: debian or ubuntu
   */
  public HttpUrl on(String distribution) {
    return filledIn(template, distribution);
  }

  private static HttpUrl filledIn(String template, String distribution) {
    return HttpUrl.parse(template.replace(DISTRIBUTION, distribution));
  }

  @Override
  public String toString() {
    return template;
  }
}
