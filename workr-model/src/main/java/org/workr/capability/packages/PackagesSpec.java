package org.workr.capability.packages;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.binding.Checked;
import org.workr.binding.Doc;
import org.workr.binding.Problems;
import org.workr.binding.Range;
import org.workr.value.HttpUrl;
import org.workr.value.PackageName;

/**
 * What is installed on every host, and from where.
 *
 * @param avahi whether hosts answer to {@code <hostname>.local}
 * @param clevis whether automatic unlocking is installed, with its initramfs support
 * @param docker whether the Docker engine is installed, with compose
 * @param guestAgent whether the QEMU guest agent is installed
 * @param extra other packages
 * @param proxy an apt proxy
 * @param mirror a mirror of the distribution
 * @param upgrade which installed packages are brought up to date
 * @param lockTimeout longest wait for another package manager
 * @param repositories repositories beside the distribution's own
 */
@Doc("What is installed on every host, and from where.")
public record PackagesSpec(
    @Doc(value = "Avahi, so that a host answers to `<hostname>.local`.", defaultValue = "true")
        boolean avahi,
    @Doc(
            value = "Clevis with its initramfs support, for unlocking the disk automatically.",
            defaultValue = "true")
        boolean clevis,
    @Doc(value = "The Docker engine with compose.", defaultValue = "true") boolean docker,
    @Doc(
            value = "The QEMU guest agent; `auto` installs it on QEMU and KVM machines.",
            defaultValue = "auto")
        Wanted guestAgent,
    @Doc(
            value = "Other Debian packages.",
            example = "htop,nano",
            otherwise = "none",
            item = "package")
        List<PackageName> extra,
    @Doc(
            value = "An apt proxy through which all packages are fetched.",
            example = "http://192.168.1.9:3142",
            otherwise = "packages are fetched directly")
        Optional<HttpUrl> proxy,
    @Doc(
            value = "A mirror that replaces the distribution's own servers.",
            example = "http://mirror.example.org/ubuntu",
            otherwise = "the servers that the template uses")
        Optional<HttpUrl> mirror,
    @Doc(
            value =
                "Which of the installed packages are brought up to date: `none`, those with `security`"
                    + " updates, or `all`. To know of updates, package lists older than a week are"
                    + " fetched anew, which counts as a change.",
            defaultValue = "none")
        Upgrade upgrade,
    @Doc(
            value = "Longest wait until another package manager on the host has finished.",
            defaultValue = "10m")
        @Range(min = "10s", max = "2h")
        Duration lockTimeout,
    @Doc(
            value = "Package repositories beside the distribution's own.",
            otherwise = "everything comes from the distribution",
            item = "repository")
        List<RepositorySpec> repositories)
    implements Checked {

  /** Copies the lists. */
  public PackagesSpec {
    extra = List.copyOf(extra);
    repositories = List.copyOf(repositories);
  }

  /** The same with other repositories. */
  public PackagesSpec withRepositories(List<RepositorySpec> others) {
    return new PackagesSpec(
        avahi, clevis, docker, guestAgent, extra, proxy, mirror, upgrade, lockTimeout, others);
  }

  @Override
  public void check(Problems problems) {
    Map<String, Integer> names = new HashMap<>();
    Map<PackageName, Integer> sources = new HashMap<>();
    for (int i = 0; i < repositories.size(); i++) {
      RepositorySpec repository = repositories.get(i);
      String part = "repositories[" + i + "]";
      String name = repository.name().value();
      if (problems.usable(part + ".name") && names.putIfAbsent(name, i) != null) {
        problems.error(
            part + ".name",
            "'" + name + "' is already the name of repositories[" + names.get(name) + "]",
            "Give every repository a name of its own.");
      }
      for (PackageName wanted :
          problems.usable(part) ? repository.packages() : List.<PackageName>of()) {
        Integer other = sources.putIfAbsent(wanted, i);
        if (other != null && other != i) {
          problems.error(
              part + ".packages",
              "'" + wanted + "' comes from repositories[" + other + "] already",
              "Say of each package once where it comes from.");
        }
      }
    }
  }
}
