package org.workr.capability.packages;

import java.util.List;
import java.util.stream.Collectors;
import org.workr.capability.platform.OperatingSystem;
import org.workr.value.HttpUrl;
import org.workr.value.PackageName;

/**
 * The three files of a package repository on a host.
 *
 * @param key path of the key
 * @param preferences path of the file that says what is taken from it
 * @param sources path of the file that names it
 */
record RepositoryFiles(String key, String preferences, String sources) {

  static RepositoryFiles of(RepositorySpec repository) {
    return named(repository.name().value());
  }

  static RepositoryFiles named(String name) {
    return new RepositoryFiles(
        "/etc/apt/keyrings/workr-" + name + ".asc",
        "/etc/apt/preferences.d/workr-" + name + ".pref",
        AptFiles.SOURCES + "workr-" + name + ".sources");
  }

  /** Deb822 with the key that may sign, and no other. */
  String sourcesContent(RepositorySpec repository, OperatingSystem os) {
    return """
    # Written by workr. Changes are overwritten.
    Types: deb
    URIs: %s
    Suites: %s
    Components: %s
    Architectures: %s
    Signed-By: %s
    """
        .formatted(
            repository.url().on(os.id()),
            repository.suite().map(RepositoryWord::value).orElse(os.codename()),
            repository.components().stream()
                .map(RepositoryWord::value)
                .collect(Collectors.joining(" ")),
            os.architecture(),
            key);
  }

  /**
   * Pins (apt_preferences(5)): the declared packages come from it even when the distribution has
   * newer ones; what they need, and the distribution has not, may come with them. Nothing that the
   * distribution has is ever replaced.
   *
   * @param shared whether something else is fetched from the same server: apt tells repositories
   *     apart by their servers here, so then the rest of it cannot be shut out
   */
  String preferencesContent(RepositorySpec repository, OperatingSystem os, boolean shared) {
    HttpUrl url = repository.url().on(os.id());
    List<String> names = repository.packages().stream().map(PackageName::value).toList();
    String wanted =
        """
        # Written by workr. Changes are overwritten.
        Package: %s
        Pin: origin "%s"
        Pin-Priority: 990
        """
            .formatted(String.join(" ", names), url.host());
    String rest =
        """

        Package: *
        Pin: origin "%s"
        Pin-Priority: 100
        """
            .formatted(url.host());
    return shared ? wanted : wanted + rest;
  }
}
