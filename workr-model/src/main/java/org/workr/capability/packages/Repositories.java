package org.workr.capability.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.workr.capability.Findings;
import org.workr.capability.platform.OperatingSystem;
import org.workr.plan.Action;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.InvalidValueException;

/** The repositories beside the distribution's own: those declared are there, workr's others go. */
final class Repositories {
  private Repositories() {}

  /** Plans them, and says whether any is new or altered, so that the lists do not know it yet. */
  static boolean plan(
      PackagesSpec spec, OperatingSystem os, AptFiles files, Findings.Builder findings) {
    boolean altered = false;
    TreeSet<String> stale = new TreeSet<>(files.contents().keySet());
    stale.removeIf(path -> !path.contains("/workr-"));
    for (RepositorySpec repository : spec.repositories()) {
      RepositoryFiles paths = RepositoryFiles.of(repository);
      stale.removeAll(List.of(paths.key(), paths.preferences(), paths.sources()));
      altered |= want(repository, paths, os, files, findings);
    }
    Map<String, List<String>> left = new TreeMap<>();
    for (String path : stale) {
      String name = path.replaceFirst(".*/workr-", "").replaceFirst("\\.(asc|pref|sources)$", "");
      left.computeIfAbsent(name, key -> new ArrayList<>()).add(path);
    }
    left.forEach((name, paths) -> remove(name, paths, findings));
    return altered;
  }

  private static boolean want(
      RepositorySpec repository,
      RepositoryFiles paths,
      OperatingSystem os,
      AptFiles files,
      Findings.Builder findings) {
    Optional<OpenPgpKey> key = repository.key();
    if (key.isEmpty() || !key.get().isExactly(repository.fingerprint())) {
      findings.error(
          "the key of repository '"
              + repository.name()
              + "' is "
              + key.map(k -> "'" + k + "'").orElse("not known"),
          "It must be the one with the fingerprint " + repository.fingerprint() + ".");
      return false;
    }
    boolean shared = isShared(repository, paths, os, files);
    Map<String, String> wanted = new TreeMap<>();
    wanted.put(paths.key(), key.get().armored());
    wanted.put(paths.preferences(), paths.preferencesContent(repository, os, shared));
    wanted.put(paths.sources(), paths.sourcesContent(repository, os));
    List<Step> steps = new ArrayList<>();
    // The sources last: without them the others are without effect.
    for (String path : List.of(paths.key(), paths.preferences(), paths.sources())) {
      String content = wanted.getOrDefault(path, "");
      if (!files.has(path, content)) {
        steps.add(Step.file(path, content, "0644"));
      }
    }
    if (steps.isEmpty()) {
      return false;
    }
    Optional<String> before = files.content(paths.sources());
    findings.change(
        Stage.SYSTEM,
        before.isPresent() ? Action.UPDATE : Action.CREATE,
        "repository " + repository.name(),
        before.map(text -> shown(text, files.content(paths.key()))).orElse(""),
        shown(
            wanted.getOrDefault(paths.sources(), ""), Optional.ofNullable(wanted.get(paths.key()))),
        steps.toArray(Step[]::new));
    return true;
  }

  /** Two keys look alike to a person, their fingerprints do not. */
  private static String shown(String sources, Optional<String> key) {
    String fingerprint = "none";
    try {
      fingerprint = key.map(k -> OpenPgpKey.parse(k).toString()).orElse(fingerprint);
    } catch (InvalidValueException e) {
      fingerprint = "damaged";
    }
    return sources + "# key " + fingerprint;
  }

  private static boolean isShared(
      RepositorySpec repository, RepositoryFiles paths, OperatingSystem os, AptFiles files) {
    String host = repository.url().on(os.id()).host();
    return files.contents().entrySet().stream()
        .filter(e -> e.getKey().matches("/etc/apt/sources\\.list(\\.d/.*\\.(list|sources))?"))
        .filter(e -> !e.getKey().equals(paths.sources()))
        .flatMap(e -> AptSource.parse(e.getKey(), e.getValue()).stream())
        .anyMatch(source -> source.isOn(host));
  }

  private static void remove(String name, List<String> paths, Findings.Builder findings) {
    List<String> argv = new ArrayList<>(List.of("rm", "-f"));
    argv.addAll(paths);
    findings.change(
        Stage.SYSTEM,
        Action.DELETE,
        "repository " + name,
        String.join("\n", paths),
        "",
        Step.run(argv.toArray(String[]::new)));
  }
}
