package org.workr.capability.packages;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.value.FilePath;
import org.workr.value.HttpUrl;
import org.workr.value.InvalidValueException;
import org.workr.value.PackageName;
import org.workr.value.PgpFingerprint;

/**
 * A package repository beside the distribution's own.
 *
 * @param name names its files on the hosts
 * @param url where it is
 * @param suite its suite; empty means the codename of the host's release
 * @param components its components
 * @param fingerprint of the key that signs it
 * @param key the key itself
 * @param keyFile where the key is on the controller
 * @param keyUrl where the controller fetches the key
 * @param packages what comes from it
 */
@Doc("A package repository beside the distribution's own.")
public record RepositorySpec(
    @Doc(value = "Its name, which names its files on the hosts.", example = "docker")
        RepositoryWord name,
    @Doc(
            value = "Where it is. `{distribution}` stands for the host's: `debian` or `ubuntu`.",
            example = "https://packages.example.org/linux/{distribution}")
        RepositoryUrl url,
    @Doc(
            value = "Its suite.",
            example = "stable",
            otherwise = "the codename of the host's release, such as `noble`")
        Optional<RepositoryWord> suite,
    @Doc(value = "Its components.", defaultValue = "main", item = "component")
        List<RepositoryWord> components,
    @Doc(
            value = "Fingerprint of the OpenPGP key that signs it: 40 hexadecimal digits.",
            example = "0123456789ABCDEF0123456789ABCDEF01234567")
        PgpFingerprint fingerprint,
    @Doc(
            value = "The key itself, in ASCII armour.",
            example =
                "-----BEGIN PGP PUBLIC KEY BLOCK-----"
                    + " mDMEawECBRYJKwYBBAHaRw8BAQdA2gIc3vw3UtMaEGfvWyLhh3zOj4ZHah0x0SlVt2yJrZ0="
                    + " -----END PGP PUBLIC KEY BLOCK-----",
            otherwise = "the key is read from `keyFile` or fetched from `keyUrl`")
        Optional<OpenPgpKey> key,
    @Doc(
            value = "The key as a file on the controller.",
            example = "keys/docker.asc",
            otherwise = "the key is fetched from `keyUrl`")
        Optional<FilePath> keyFile,
    @Doc(
            value =
                "Where the controller fetches the key. It is used only when it has the fingerprint.",
            example = "https://packages.example.org/linux/ubuntu/gpg",
            otherwise = "the key is read from `keyFile`")
        Optional<HttpUrl> keyUrl,
    @Doc(
            value =
                "The packages that come from it. They are preferred to the distribution's. What they"
                    + " need comes with them, but never in place of what the distribution has.",
            example = "docker-ce,docker-ce-cli,docker-compose-plugin",
            required = true,
            item = "package")
        List<PackageName> packages)
    implements Checked {
  private static final String COMPARE =
      "Compare both with what the repository's provider publishes: either <fingerprint> is wrong, or"
          + " somebody has replaced the key.";

  /** Copies the lists. */
  public RepositorySpec {
    components = List.copyOf(components);
    packages = List.copyOf(packages);
  }

  @Override
  public void check(Problems problems) {
    if (Stream.of("key", "keyFile", "keyUrl").allMatch(problems::usable)) {
      long sources = Stream.of(key, keyFile, keyUrl).filter(Optional::isPresent).count();
      if (sources != 1) {
        problems.error(
            "",
            sources == 0
                ? "repository '" + name + "' has neither a <keyFile> nor a <keyUrl>"
                : "repository '" + name + "' has more than one of <key>, <keyFile> and <keyUrl>",
            "Say in one of them where the key is that signs it.");
      }
    }
    if (problems.usable("name") && name.value().contains("/")) {
      problems.error(
          "name", "'" + name + "' has a slash in it", "Use a name such as docker: it names files.");
    }
    if (problems.usable("key") && problems.usable("fingerprint")) {
      key.filter(k -> !k.isExactly(fingerprint))
          .ifPresent(k -> problems.error("key", otherKey(k), COMPARE));
    }
  }

  /**
   * The same with the key that was found in its file or at its URL.
   *
   * @throws InvalidValueException when that is not the key with the declared fingerprint
   */
  public RepositorySpec withKey(OpenPgpKey found) {
    if (!found.isExactly(fingerprint)) {
      throw new InvalidValueException(otherKey(found), COMPARE);
    }
    return new RepositorySpec(
        name,
        url,
        suite,
        components,
        fingerprint,
        Optional.of(found),
        Optional.empty(),
        Optional.empty(),
        packages);
  }

  private String otherKey(OpenPgpKey found) {
    return "the key of repository '"
        + name
        + "' has the fingerprint '"
        + found
        + "', not '"
        + fingerprint
        + "'";
  }
}
