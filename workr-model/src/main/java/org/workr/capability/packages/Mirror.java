package org.workr.capability.packages;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.workr.capability.Findings;
import org.workr.capability.platform.OperatingSystem;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.HttpUrl;

/**
 * A mirror instead of the distribution's own servers.
 *
 * <p>The distribution's own files are not rewritten but put aside, and come back when the pom names
 * no mirror any more. Suites and components stay those of the template, whose files are put aside
 * one after the other: what an interrupted run has put aside still counts. Debian's security
 * archive is a repository of its own, which a mirror need not have, so it stays where it is.
 */
final class Mirror {
  private static final String FILE = AptFiles.SOURCES + "workr.mirror.sources";
  private static final String SAVED = ".workr.save";

  /** Where installers and images of Debian and Ubuntu put the distribution's own sources. */
  private static final List<String> ORIGINALS =
      List.of(
          "/etc/apt/sources.list",
          AptFiles.SOURCES + "debian.sources",
          AptFiles.SOURCES + "ubuntu.sources");

  private static final String INSTEAD =
      "A mirror can only replace what is the distribution's. Move other entries to a file of their own"
          + " in /etc/apt/sources.list.d, or remove <mirror>.";

  private Mirror() {}

  static void plan(
      Optional<HttpUrl> mirror, OperatingSystem os, AptFiles files, Findings.Builder findings) {
    if (mirror.isPresent()) {
      want(mirror.get(), os, files, findings);
    } else if (files.content(FILE).isPresent()) {
      restore(files, findings);
    }
  }

  private static void want(
      HttpUrl mirror, OperatingSystem os, AptFiles files, Findings.Builder findings) {
    String last = mirror.value().substring(mirror.value().lastIndexOf('/') + 1);
    if (OperatingSystem.isKnown(last) && !last.equals(os.id())) {
      findings.error(
          "the mirror '" + mirror + "' is one of " + last + ", and the host runs " + os.title(),
          "Correct <mirror> of <packages>, or put hosts of different distributions into different"
              + " clusters.");
      return;
    }
    List<String> present = ORIGINALS.stream().filter(f -> hasEntries(f, files)).toList();
    List<String> from = ORIGINALS.stream().map(f -> hasEntries(f, files) ? f : f + SAVED).toList();
    List<AptSource> sources = parsed(from, files);
    Set<String> own =
        Stream.of("", "-updates", "-security", "-backports")
            .map(suffix -> os.codename() + suffix)
            .collect(Collectors.toSet());
    if (sources.isEmpty()) {
      findings.error("the distribution's package sources were not found in " + ORIGINALS, INSTEAD);
      return;
    }
    for (String file : from) {
      for (AptSource source : parsed(List.of(file), files)) {
        if (!own.containsAll(source.suites())) {
          findings.error(
              "the distribution's package sources in '"
                  + file
                  + "' contain something else: '"
                  + String.join(" ", source.shownUris())
                  + " "
                  + String.join(" ", source.suites())
                  + "'",
              INSTEAD);
          return;
        }
      }
    }
    String content = content(mirror, os, sources);
    if (AptSource.parse(FILE, content).stream().anyMatch(AptSource::hasCredentials)) {
      findings.error(
          "the distribution's package sources in '"
              + from.stream()
                  .filter(
                      f -> parsed(List.of(f), files).stream().anyMatch(AptSource::hasCredentials))
                  .collect(Collectors.joining("', '"))
              + "' have a password in a URI",
          "It would be copied to a file that everybody can read. Move it to a file of mode 0600 in"
              + " /etc/apt/auth.conf.d, see apt_auth.conf(5), or remove <mirror>.");
      return;
    }
    if (files.has(FILE, content) && present.isEmpty()) {
      return;
    }
    // Written first, so that at every moment there are sources.
    List<Step> steps = new ArrayList<>(List.of(Step.file(FILE, content, "0644")));
    present.forEach(f -> steps.add(Step.run("mv", "-f", f, f + SAVED)));
    findings.change(
        Stage.SYSTEM,
        files.content(FILE).isPresent() ? Action.UPDATE : Action.CREATE,
        "mirror",
        shown(now(present, files)),
        shown(AptSource.parse(FILE, content)),
        steps.toArray(Step[]::new));
  }

  private static boolean hasEntries(String path, AptFiles files) {
    return files.content(path).filter(c -> !AptSource.parse(path, c).isEmpty()).isPresent();
  }

  /** What apt asks at present: after an interruption that can be both. */
  private static List<AptSource> now(List<String> present, AptFiles files) {
    return parsed(Stream.concat(Stream.of(FILE), present.stream()).toList(), files);
  }

  private static List<AptSource> parsed(List<String> paths, AptFiles files) {
    return paths.stream()
        .flatMap(f -> files.content(f).stream().flatMap(c -> AptSource.parse(f, c).stream()))
        .toList();
  }

  private static String shown(List<AptSource> sources) {
    return sources.stream()
        .flatMap(s -> s.shownUris().stream())
        .distinct()
        .collect(Collectors.joining("\n"));
  }

  private static String content(HttpUrl mirror, OperatingSystem os, List<AptSource> sources) {
    boolean separate = !os.ubuntu();
    String security = os.codename() + "-security";
    Set<String> suites = new LinkedHashSet<>();
    Set<String> components = new LinkedHashSet<>();
    Set<String> securityUris = new LinkedHashSet<>();
    for (AptSource source : sources) {
      components.addAll(source.components());
      for (String suite : source.suites()) {
        if (separate && suite.equals(security)) {
          securityUris.addAll(source.uris());
        } else {
          suites.add(suite);
        }
      }
    }
    StringBuilder text = new StringBuilder("# Written by workr. Changes are overwritten.\n");
    paragraph(text, os, mirror.value(), suites, components);
    for (String uri : securityUris) {
      text.append('\n');
      paragraph(text, os, uri, Set.of(security), components);
    }
    return text.toString();
  }

  private static void paragraph(
      StringBuilder text,
      OperatingSystem os,
      String uri,
      Set<String> suites,
      Set<String> components) {
    text.append("Types: deb\nURIs: ").append(uri);
    text.append("\nSuites: ").append(String.join(" ", suites));
    text.append("\nComponents: ").append(String.join(" ", components));
    text.append("\nSigned-By: /usr/share/keyrings/")
        .append(os.id())
        .append("-archive-keyring.gpg\n");
  }

  private static void restore(AptFiles files, Findings.Builder findings) {
    List<Step> steps = new ArrayList<>();
    for (String original : ORIGINALS) {
      if (files.content(original + SAVED).isPresent() && !hasEntries(original, files)) {
        steps.add(Step.run("mv", "-f", original + SAVED, original));
      }
    }
    if (steps.isEmpty() && ORIGINALS.stream().noneMatch(f -> hasEntries(f, files))) {
      findings.error(
          "no mirror is declared any more, and the distribution's own sources are not there",
          "Write /etc/apt/sources.list by hand, then delete " + FILE + ".");
      return;
    }
    steps.add(Step.run("rm", "-f", FILE));
    findings.change(
        Stage.SYSTEM,
        Action.DELETE,
        "mirror",
        shown(AptSource.parse(FILE, files.content(FILE).orElse(""))),
        "",
        steps.toArray(Step[]::new));
  }
}
