package org.workr.capability.packages;

import java.util.List;
import java.util.Optional;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.value.FilePath;
import org.workr.value.HttpUrl;
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
 * @param keyFile where the key is on the controller
 * @param keyUrl where the controller fetches the key
 * @param packages what comes from it
 */
@Doc("A package repository beside the distribution's own.")
public record RepositorySpec(
    @Doc(value = "Its name, which names its files on the hosts.", example = "docker")
        RepositoryWord name,
    @Doc(
            value =
                "Where it is. `{distribution}` stands for the host's: `debian`, `ubuntu` or"
                    + " `raspbian`.",
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
                "The packages that come from it. They are preferred to the distribution's, and nothing"
                    + " else is taken from it.",
            example = "docker-ce,docker-ce-cli",
            required = true,
            item = "package")
        List<PackageName> packages)
    implements Checked {

  /** Copies the lists. */
  public RepositorySpec {
    components = List.copyOf(components);
    packages = List.copyOf(packages);
  }

  @Override
  public void check(Problems problems) {
    if (problems.usable("keyFile")
        && problems.usable("keyUrl")
        && keyFile.isPresent() == keyUrl.isPresent()) {
      problems.error(
          "",
          keyFile.isPresent()
              ? "repository '" + name + "' has both a <keyFile> and a <keyUrl>"
              : "repository '" + name + "' has neither a <keyFile> nor a <keyUrl>",
          "Say in one of them where the key is that signs it.");
    }
  }
}
