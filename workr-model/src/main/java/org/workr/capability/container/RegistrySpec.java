package org.workr.capability.container;

import java.util.Optional;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.value.ImageReference;
import org.workr.value.PemCertificate;
import org.workr.value.RegistryServer;
import org.workr.value.RegistryUser;

/**
 * A private registry.
 *
 * @param server its name and port
 * @param repository where the image is pushed to; empty when it is not
 * @param user who logs in; empty when nobody has to
 * @param certificate what its certificate is signed by; empty when the hosts know it
 */
@Doc(
    "A private registry: the image that the container's is made from may be in it, and the container's"
        + " may be kept there. The password for it is the secret `<cluster>.registry`.")
public record RegistrySpec(
    @Doc(
            value = "Its name, and its port if that is not the usual one.",
            example = "registry.example.org:5000")
        RegistryServer server,
    @Doc(
            value =
                "Where the container's image is pushed to in it, and pulled from: without a tag.",
            example = "registry.example.org:5000/stats/r",
            otherwise = "hosts have the image from each other, by SSH")
        Optional<ImageReference> repository,
    @Doc(
            value = "The account that pulls and pushes.",
            example = "workr",
            otherwise = "nobody logs in")
        Optional<RegistryUser> user,
    @Doc(
            value =
                "The certificate of the authority that has signed the registry's, as PEM: with the lines"
                    + " `BEGIN CERTIFICATE` and `END CERTIFICATE`.",
            example = PemCertificate.EXAMPLE,
            otherwise = "one that the hosts know")
        Optional<PemCertificate> certificate)
    implements Checked {
  /** The name of the secret. */
  static final String SECRET = "registry";

  @Override
  public void check(Problems problems) {
    if (repository.isEmpty() || !problems.usable("repository") || !problems.usable("server")) {
      return;
    }
    ImageReference to = repository.get();
    if (!to.registry().equals(Optional.of(server.value()))) {
      problems.error(
          "repository",
          "'" + to + "' is not in the registry '" + server + "'",
          "Begin with " + server + "/, and a name such as stats/r behind it.");
    } else if (to.tag().isPresent() || to.digest().isPresent()) {
      problems.error(
          "repository",
          "'" + to + "' has a tag or digest, which workr makes up",
          "Leave out what is behind the name.");
    }
  }
}
