package org.workr.capability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.workr.capability.Findings;
import org.workr.capability.SampleHost;
import org.workr.capability.Situation;
import org.workr.diagnostic.Diagnostic;
import org.workr.facts.Facts;
import org.workr.plan.HostPlan;
import org.workr.planning.GoldenCase;

/**
 * What is erased, and what is not: {@code golden/decommission/CASE/}, in the form of {@link
 * org.workr.planning.CapabilityGoldenTest} without a cluster of its own.
 */
class ErasureTest {
  private static final Path ROOT = Path.of("src/test/resources/golden/decommission");
  private static final GoldenCase DECLARED =
      GoldenCase.of(GoldenCase.ROOT.resolve("disk/provisioned"));

  @TestFactory
  Stream<DynamicTest> plansAreAsWritten() throws IOException {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders.sorted().toList().stream()
          .map(
              folder ->
                  DynamicTest.dynamicTest(folder.getFileName().toString(), () -> check(folder)));
    }
  }

  private static void check(Path folder) throws IOException {
    GoldenCase golden = new GoldenCase(folder, DECLARED.texts());
    HostPlan plan = plan(golden.before());
    String text = golden.text(plan);
    Path expected = folder.resolve("plan.txt");
    if (GoldenCase.UPDATE) {
      Files.writeString(expected, text);
    }
    assertThat(text).isEqualTo(Files.readString(expected));
    // Nothing is erased, on no disk, when something forbids it on one.
    if (plan.problems().stream().anyMatch(Diagnostic::isError)) {
      assertThat(plan.changes()).isEmpty();
    } else if (!plan.changes().isEmpty()) {
      HostPlan again = plan(golden.after().orElseThrow());
      assertThat(again.changes()).as("when everything is done").isEmpty();
      assertThat(again.problems()).isEmpty();
    }
  }

  private static HostPlan plan(Map<String, Facts.Section> facts) throws IOException {
    Encryption spec = new Encryption(DECLARED.spec().disk().orElseThrow(), true);
    Findings findings =
        Disk.erasing().plan(spec, new Situation(SampleHost.WORKR1, new Facts(facts), List.of()));
    return new HostPlan(SampleHost.WORKR1.hostname(), findings.changes(), findings.problems());
  }
}
