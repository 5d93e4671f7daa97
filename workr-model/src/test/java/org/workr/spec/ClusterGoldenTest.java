package org.workr.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.workr.binding.Binder;
import org.workr.binding.Bound;
import org.workr.binding.XmlElements;
import org.workr.diagnostic.Diagnostic;

/**
 * What a person is told about a pom, as files: {@code golden/broken/CASE} and {@code
 * golden/valid/CASE} hold what stands under {@code <cluster>} and, in {@code expected.txt}, every
 * diagnostic in full.
 *
 * <p>{@code -Dworkr.golden.update=true} writes {@code expected.txt} anew.
 */
class ClusterGoldenTest {
  private static final Path ROOT = Path.of("src/test/resources/golden");
  private static final boolean UPDATE = Boolean.getBoolean("workr.golden.update");

  @TestFactory
  Stream<DynamicTest> brokenClustersAreExplained() throws IOException {
    return cases("broken")
        .map(c -> DynamicTest.dynamicTest(c.getFileName().toString(), () -> check(c, true)));
  }

  @TestFactory
  Stream<DynamicTest> validClustersAreAccepted() throws IOException {
    return cases("valid")
        .map(c -> DynamicTest.dynamicTest(c.getFileName().toString(), () -> check(c, false)));
  }

  @Test
  void thereAreManyBrokenOnes() throws IOException {
    assertThat(cases("broken").count()).isGreaterThanOrEqualTo(40);
  }

  private static Stream<Path> cases(String kind) throws IOException {
    try (Stream<Path> folders = Files.list(ROOT.resolve(kind))) {
      return folders.sorted().toList().stream();
    }
  }

  private static void check(Path folder, boolean broken) throws IOException {
    Bound<ClusterSpec> bound =
        Binder.bind(XmlElements.file(folder.resolve("cluster.xml")), ClusterSpec.class);
    String told = told(bound.diagnostics());
    Path expected = folder.resolve("expected.txt");
    if (UPDATE) {
      Files.writeString(expected, told);
    }
    assertThat(told).isEqualTo(Files.readString(expected));
    assertThat(bound.value().isEmpty()).isEqualTo(broken);
  }

  private static String told(List<Diagnostic> diagnostics) {
    return diagnostics.stream()
        .map(d -> d.severity().name().toLowerCase(java.util.Locale.ROOT) + " " + d + "\n")
        .collect(Collectors.joining());
  }
}
