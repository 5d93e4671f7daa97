package org.workr.capability.platform;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the rest of the pom expects of every machine.
 *
 * @param encrypted whether the pom speaks of the disk, so that it must be encrypted
 * @param payloads what is installed on it
 */
public record PlatformSpec(boolean encrypted, List<Payload> payloads) {

  /**
   * Packages that the pom asks for, by the room that they take. The figures are what apt-get of
   * Debian 12 says of them and what they depend on, without recommended packages, on a system that
   * has the priorities required and important, sshd, cloud-init and cryptsetup-initramfs; rounded
   * up, because Ubuntu's Docker is larger by a tenth.
   */
  public enum Payload {
    /** 0.4 and 1.6 MB. */
    AVAHI("Avahi", 1, 2, "avahi-daemon"),
    /** 2.2 and 13.7 MB. */
    CLEVIS("Clevis", 3, 14, "clevis"),
    /** 66.7 and 270 MB. */
    DOCKER("Docker", 74, 280, "docker.io", "docker-ce");

    private final String title;
    private final int download;
    private final int installed;

    @SuppressWarnings("ImmutableEnumChecker") // what List.of makes is
    private final List<String> packages;

    Payload(String title, int download, int installed, String... packages) {
      this.title = title;
      this.download = download;
      this.installed = installed;
      this.packages = List.of(packages);
    }

    /** Its name, for a person. */
    public String title() {
      return title;
    }

    /** What is fetched, in MiB. */
    public int download() {
      return download;
    }

    /** What it takes when it is installed, in MiB. */
    public int installed() {
      return installed;
    }

    /** Whether it is there when these packages are. */
    boolean among(Collection<String> present) {
      return packages.stream().anyMatch(present::contains);
    }

    /** Every package that tells of one. */
    static List<String> allPackages() {
      return Stream.of(values()).flatMap(payload -> payload.packages.stream()).toList();
    }
  }

  /** Copies the list. */
  public PlatformSpec {
    payloads = List.copyOf(payloads);
  }
}
