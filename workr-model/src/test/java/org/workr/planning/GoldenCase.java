package org.workr.planning;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.XmlElements;
import org.workr.facts.Facts;
import org.workr.plan.HostPlan;
import org.workr.plan.PlanText;
import org.workr.spec.ClusterSpec;

/**
 * The files of one golden case; see {@link CapabilityGoldenTest}.
 *
 * @param folder where they are
 * @param texts long texts that plans only name; need not exist
 */
public record GoldenCase(Path folder, Path texts) {

  /** Whether files are written instead of compared. */
  public static final boolean UPDATE = Boolean.getBoolean("workr.golden.update");

  /** Where cases stand: {@code CAPABILITY/CASE}. */
  public static final Path ROOT = Path.of("src/test/resources/golden/capability");

  private static final String MARGIN = "        | ";

  /** A case of a capability. */
  public static GoldenCase of(Path folder) {
    return new GoldenCase(folder, folder.resolveSibling("texts"));
  }

  /** What {@code cluster.xml} declares. */
  public ClusterSpec spec() throws IOException {
    Bound<ClusterSpec> bound =
        Binder.bind(XmlElements.file(folder.resolve("cluster.xml")), ClusterSpec.class);
    return bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics().toString()));
  }

  /** The plan with its steps, long texts by name. */
  public String text(HostPlan plan) throws IOException {
    String shorter = String.join("\n", PlanText.withSteps().lines(plan)) + "\n";
    if (!Files.isDirectory(texts)) {
      return shorter;
    }
    try (var files = Files.list(texts)) {
      for (Path file : files.sorted().toList()) {
        List<String> lines = Files.readString(file).lines().toList();
        String name = "(texts/" + file.getFileName() + ")";
        // As the content of a file, and as the lines of a script.
        for (String margin : List.of(MARGIN, " ".repeat(8))) {
          String whole = lines.stream().map(margin::concat).collect(joining("\n", "", "\n"));
          shorter = shorter.replace(whole, margin + name + "\n");
        }
      }
    }
    return shorter;
  }

  /** The facts before anything is done. */
  public Map<String, Facts.Section> before() throws IOException {
    return facts(folder.resolve("facts.txt"));
  }

  /** The facts when the plan has been done; empty when no file says them. */
  public Optional<Map<String, Facts.Section>> after() throws IOException {
    Path after = folder.resolve("facts-after.txt");
    if (!Files.exists(after)) {
      return Optional.empty();
    }
    Map<String, Facts.Section> merged = new LinkedHashMap<>(before());
    merged.putAll(facts(after));
    return Optional.of(merged);
  }

  private static Map<String, Facts.Section> facts(Path file) throws IOException {
    Map<String, Facts.Section> sections = new LinkedHashMap<>();
    List<String> body = new ArrayList<>();
    List<String> head = List.of();
    for (String line : (Files.readString(file) + "\n== end 0").lines().toList()) {
      if (!line.startsWith("== ")) {
        body.add(line);
        continue;
      }
      if (!head.isEmpty()) {
        sections.put(
            head.get(1),
            head.get(2).equals("like")
                ? like(file, head.get(1), head.get(3))
                : new Facts.Section(
                    Integer.parseInt(head.get(2)), String.join("\n", body).stripTrailing()));
      }
      head = List.of(line.split(" ", -1));
      body.clear();
    }
    return sections;
  }

  private static Facts.Section like(Path file, String id, String other) throws IOException {
    Path there = file.getParent().resolveSibling(other);
    Facts.Section section =
        facts(Files.isDirectory(there) ? there.resolve("facts.txt") : there).get(id);
    if (section == null) {
      throw new AssertionError(file + ": " + other + " says nothing of " + id);
    }
    return section;
  }
}
