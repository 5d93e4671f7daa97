package org.workr.capability.container;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.binding.Range;
import org.workr.capability.NeedsSecrets;
import org.workr.capability.accounts.AuthorizedKey;
import org.workr.value.CpuCount;
import org.workr.value.Host;
import org.workr.value.HttpUrl;
import org.workr.value.ImageReference;
import org.workr.value.MemorySize;
import org.workr.value.RPackageName;
import org.workr.value.SecretKind;
import org.workr.value.SecretNeed;
import org.workr.value.UserName;

/**
 * The container in which the analysts' R runs.
 *
 * @param image what it is made from
 * @param sshPort TCP port at which it answers to SSH
 * @param user the account in it
 * @param authorizedKeys who may log in; empty for those that may log in on the hosts
 * @param rPackages R packages beside those of the image
 * @param rRepository where they come from; empty for what the image's R says
 * @param registry where the image is kept; empty when hosts have it from each other
 * @param memory how much memory it may use
 * @param cpus how many processors it may use
 * @param pids how many processes it may have
 * @param rstudio RStudio's page; empty for none
 */
@Doc("The container in which the analysts' R runs, on every worker.")
public record ContainerSpec(
    @Doc(value = "The image, with R in it. A digest pins it.", example = "rocker/geospatial:4.4.2")
        ImageReference image,
    @Doc(
            value = "TCP port of the host at which the container answers to SSH.",
            defaultValue = "2222")
        @Range(min = "1", max = "65535")
        int sshPort,
    @Doc(value = "The account in the container.", defaultValue = "rstudio") UserName user,
    @Doc(
            value = "Public keys that may log in to the container: the analysts'.",
            otherwise = "the keys of `<ssh>`, which may also log in to the hosts")
        List<AuthorizedKey> authorizedKeys,
    @Doc(
            value =
                "R packages that must be in the image; those that it does not have are installed.",
            example = "future,furrr",
            otherwise = "none",
            item = "package")
        List<RPackageName> rPackages,
    @Doc(
            value =
                "Where R packages are installed from. One that is of a date gives the same packages when"
                    + " the image is made again.",
            example = "https://packages.example.org/cran/2026-11-01",
            otherwise = "what the R of the image says")
        Optional<HttpUrl> rRepository,
    @Doc(
            value = "A private registry that keeps the image.",
            otherwise = "hosts have it from each other, by SSH")
        Optional<RegistrySpec> registry,
    @Doc(
            value = "How much of the host's memory the container may use.",
            example = "8g",
            otherwise = "all of it")
        Optional<MemorySize> memory,
    @Doc(
            value = "How many of the host's processors the container may use.",
            example = "4",
            otherwise = "all of them")
        Optional<CpuCount> cpus,
    @Doc(value = "How many processes and threads the container may have.", defaultValue = "4096")
        @Range(min = "64", max = "4194304")
        int pids,
    @Doc(value = "RStudio's page on every worker.", otherwise = "there is none")
        Optional<RStudioSpec> rstudio)
    implements Checked, NeedsSecrets {
  /** What every R has and no repository offers. */
  private static final Set<String> PARTS_OF_R =
      Set.of(
          "base",
          "compiler",
          "datasets",
          "grDevices",
          "graphics",
          "grid",
          "methods",
          "parallel",
          "splines",
          "stats",
          "stats4",
          "tcltk",
          "tools",
          "utils");

  /** Copies the lists. */
  public ContainerSpec {
    authorizedKeys = List.copyOf(authorizedKeys);
    rPackages = List.copyOf(rPackages);
  }

  @Override
  public void check(Problems problems) {
    if (problems.usable("image")
        && image.digest().isEmpty()
        && image.tag().orElse("latest").equals("latest")) {
      problems.warning(
          "image",
          "'" + image + "' is another image after each release",
          "Name a version, such as rocker/geospatial:4.4.2, so that all workers run the same R.");
    }
    if (problems.usable("rstudio") && problems.usable("sshPort")) {
      rstudio
          .filter(page -> page.port() == sshPort || page.innerPort() == sshPort)
          .ifPresent(
              page ->
                  problems.error(
                      "rstudio.port",
                      "'" + page.port() + "' is too near to <sshPort>, " + sshPort,
                      "RStudio needs its port, and the one below when it has a certificate."));
    }
    for (int i = 0; i < rPackages.size(); i++) {
      if (problems.usable("rPackages[" + i + "]")
          && PARTS_OF_R.contains(rPackages.get(i).value())) {
        problems.error(
            "rPackages[" + i + "]",
            "'" + rPackages.get(i) + "' is a part of R, and cannot be installed",
            "Remove it; it is there.");
      }
    }
  }

  @Override
  public List<SecretNeed> secrets(Host host) {
    List<SecretNeed> needs = new ArrayList<>();
    registry
        .flatMap(RegistrySpec::user)
        .ifPresent(
            user ->
                needs.add(
                    SecretNeed.ofCluster(
                        host,
                        RegistrySpec.SECRET,
                        SecretKind.REGISTRY_PASSWORD,
                        true,
                        "the password of " + user + " at the registry")));
    if (rstudio.filter(RStudioSpec::tls).isPresent()) {
      needs.add(
          SecretNeed.ofCluster(
              host,
              RStudioSpec.SECRET,
              SecretKind.TLS_KEY,
              true,
              "the private key of RStudio's certificate, as PEM on one line"));
    }
    return needs;
  }

  /** The same with other keys: what files and URLs were found to hold. */
  public ContainerSpec withAuthorizedKeys(List<AuthorizedKey> keys) {
    return new ContainerSpec(
        image, sshPort, user, keys, rPackages, rRepository, registry, memory, cpus, pids, rstudio);
  }
}
