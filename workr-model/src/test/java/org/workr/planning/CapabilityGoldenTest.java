package org.workr.planning;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.XmlElements;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.facts.Facts;
import org.workr.plan.HostPlan;
import org.workr.plan.PlanText;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/**
 * Spec and facts in, plan out, as files: {@code golden/capability/NAME/CASE/} holds
 *
 * <ul>
 *   <li>{@code cluster.xml}, whose first host is planned for;
 *   <li>{@code facts.txt}: what the probes printed, each after a line {@code == ID STATUS};
 *   <li>{@code plan.txt}: the plan with every step;
 *   <li>{@code facts-after.txt}: the facts when the plan has been done; nothing may be left to do.
 *       Sections that are the same as in {@code facts.txt} can be left out. A case whose plan has
 *       no change needs none.
 * </ul>
 *
 * A long text that is the same in many plans stands in {@code golden/capability/NAME/texts/FILE},
 * and plans hold a line that names it instead. A test of the capability's own compares it.
 *
 * <p>{@code -Dworkr.golden.update=true} writes {@code plan.txt} anew.
 */
class CapabilityGoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/golden/capability");
  private static final boolean UPDATE = Boolean.getBoolean("workr.golden.update");

  @TestFactory
  Stream<DynamicTest> plansAreAsWritten() throws IOException {
    return cases()
        .map(
            folder ->
                DynamicTest.dynamicTest(ROOT.relativize(folder).toString(), () -> check(folder)));
  }

  private static Stream<Path> cases() throws IOException {
    try (Stream<Path> files = Files.find(ROOT, 3, (path, a) -> path.endsWith("cluster.xml"))) {
      return files.map(Path::getParent).sorted().toList().stream();
    }
  }

  private static void check(Path folder) throws IOException {
    String capability = ROOT.relativize(folder).getName(0).toString();
    Bound<ClusterSpec> bound =
        Binder.bind(XmlElements.file(folder.resolve("cluster.xml")), ClusterSpec.class);
    ClusterSpec spec =
        bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics().toString()));
    Map<String, Facts.Section> before = facts(folder.resolve("facts.txt"));

    HostPlan plan = plan(spec, capability, before);
    String text =
        shortened(
            String.join("\n", PlanText.withSteps().lines(plan)) + "\n",
            ROOT.resolve(capability).resolve("texts"));
    Path expected = folder.resolve("plan.txt");
    if (UPDATE) {
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));

    Path after = folder.resolve("facts-after.txt");
    if (!plan.changes().isEmpty()) {
      assertThat(after).as("the no-op twin").exists();
    }
    if (Files.exists(after)) {
      Map<String, Facts.Section> merged = new LinkedHashMap<>(before);
      merged.putAll(facts(after));
      HostPlan again = plan(spec, capability, merged);
      assertThat(String.join("\n", PlanText.brief().lines(again)))
          .as("the plan when everything is done")
          .isEqualTo(again.host() + ": as declared");
    }
  }

  private static String shortened(String plan, Path texts) throws IOException {
    if (!Files.isDirectory(texts)) {
      return plan;
    }
    String margin = "        | ";
    String shorter = plan;
    try (Stream<Path> files = Files.list(texts)) {
      for (Path file : files.sorted().toList()) {
        String whole = Files.readString(file).lines().map(margin::concat).collect(joining("\n"));
        shorter = shorter.replace(whole, margin + "(texts/" + file.getFileName() + ")");
      }
    }
    return shorter;
  }

  private static HostPlan plan(
      ClusterSpec spec, String capability, Map<String, Facts.Section> facts) {
    Host host = spec.hosts().get(0);
    Capabilities.Use<?> use =
        Capabilities.ALL.stream()
            .filter(u -> u.capability().name().equals(capability))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no capability " + capability + " in the list"));
    assertThat(facts.keySet())
        .as("facts that are given and that the capability asks for")
        .containsAll(use.facts(spec, host).stream().map(fact -> fact.id()).toList());
    Optional<Findings> findings = use.plan(spec, new Situation(host, new Facts(facts), List.of()));
    return new HostPlan(
        host.hostname(),
        findings.map(Findings::changes).orElse(List.of()),
        findings.map(Findings::problems).orElse(List.of()));
  }

  private static Map<String, Facts.Section> facts(Path file) throws IOException {
    Map<String, Facts.Section> sections = new LinkedHashMap<>();
    List<String> body = new ArrayList<>();
    String head = "";
    for (String line : (Files.readString(file) + "\n== end 0").lines().toList()) {
      if (line.startsWith("== ")) {
        if (!head.isEmpty()) {
          List<String> words = List.of(head.split(" ", -1));
          sections.put(
              words.get(1),
              new Facts.Section(
                  Integer.parseInt(words.get(2)), String.join("\n", body).stripTrailing()));
        }
        head = line;
        body.clear();
      } else {
        body.add(line);
      }
    }
    return sections;
  }
}
