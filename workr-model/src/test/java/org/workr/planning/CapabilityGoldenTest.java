package org.workr.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.workr.binding.DurationText;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.container.Deployment;
import org.workr.capability.container.Reap;
import org.workr.facts.Facts;
import org.workr.plan.HostPlan;
import org.workr.plan.PlanText;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;
import org.workr.value.Hostname;

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
 * <p>{@code deployment.txt}, for the container only, says what the goal that deploys it has found
 * out about all hosts together, as words and values: {@code build}, {@code builder}, {@code
 * freshly}, {@code source} (a host and another one that has the image), {@code drain}; or that R
 * processes are ended: {@code reap}, and the label of a session.
 *
 * <p>A section {@code == ID like CASE} is that of another case's {@code facts.txt}, and with {@code
 * CASE/facts-after.txt} that of such a file.
 *
 * <p>A long text that is the same in many plans stands in {@code
 * golden/capability/NAME/texts/FILE}, and plans hold a line that names it instead. A test of the
 * capability's own compares it.
 *
 * <p>{@code -Dworkr.golden.update=true} writes {@code plan.txt} anew.
 */
class CapabilityGoldenTest {
  @TestFactory
  Stream<DynamicTest> plansAreAsWritten() throws IOException {
    return cases()
        .map(
            folder ->
                DynamicTest.dynamicTest(
                    GoldenCase.ROOT.relativize(folder).toString(), () -> check(folder)));
  }

  private static Stream<Path> cases() throws IOException {
    try (Stream<Path> files =
        Files.find(GoldenCase.ROOT, 3, (path, a) -> path.endsWith("cluster.xml"))) {
      return files.map(Path::getParent).sorted().toList().stream();
    }
  }

  private static void check(Path folder) throws IOException {
    String capability = GoldenCase.ROOT.relativize(folder).getName(0).toString();
    GoldenCase golden = GoldenCase.of(folder);
    ClusterSpec spec = golden.spec();

    List<Capabilities.Use<?>> uses = uses(folder);
    HostPlan plan = plan(uses, spec, capability, golden.before());
    String text = golden.text(plan);
    Path expected = folder.resolve("plan.txt");
    if (GoldenCase.UPDATE) {
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));

    Optional<Map<String, Facts.Section>> after = golden.after();
    if (!plan.changes().isEmpty()) {
      assertThat(after).as("the no-op twin").isPresent();
    }
    if (after.isPresent()) {
      HostPlan again = plan(uses, spec, capability, after.get());
      assertThat(String.join("\n", PlanText.brief().lines(again)))
          .as("the plan when everything is done")
          .isEqualTo(again.host() + ": as declared");
    }
  }

  private static List<Capabilities.Use<?>> uses(Path folder) throws IOException {
    Path file = folder.resolve("deployment.txt");
    if (!Files.exists(file)) {
      return Capabilities.ALL;
    }
    Optional<String> build = Optional.empty();
    Set<Hostname> builders = new HashSet<>();
    boolean freshly = false;
    Map<Hostname, Hostname> sources = new HashMap<>();
    Duration drain = Duration.ZERO;
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ", -1);
      switch (words[0]) {
        case "build" -> build = Optional.of(words[1]);
        case "builder" -> builders.add(new Hostname(words[1]));
        case "freshly" -> freshly = true;
        case "source" -> sources.put(new Hostname(words[1]), new Hostname(words[2]));
        case "drain" -> drain = DurationText.parse(words[1]);
        case "reap" -> {
          return Capabilities.reaping(
              new Reap(words.length > 1 ? Optional.of(words[1]) : Optional.empty()));
        }
        default -> assertThat(line).isEmpty();
      }
    }
    return Capabilities.deploying(new Deployment(build, builders, freshly, sources, drain));
  }

  private static HostPlan plan(
      List<Capabilities.Use<?>> uses,
      ClusterSpec spec,
      String capability,
      Map<String, Facts.Section> facts) {
    Host host = spec.hosts().get(0);
    Capabilities.Use<?> use =
        uses.stream()
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
}
