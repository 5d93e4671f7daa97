package org.workr.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.workr.binding.ReferencePage;

/**
 * The reference page is made from the records. {@code -Dworkr.golden.update=true} writes it anew.
 */
class ReferencePageTest {
  private static final Path PAGE = Path.of("../docs/reference/cluster.md");
  private static final Path EVERYTHING =
      Path.of("src/test/resources/golden/valid/everything/cluster.xml");

  private static final String HEAD =
      """
      # Everything that can stand under `<cluster>`

      This page is made from the records that the pom is bound to; a test fails when it is stale.

      - A *list* of values is written with commas, `<extra>htop,nano</extra>`, or as elements, as the table says.
      - A *duration* is a number with a unit, `150s`, `10m`, `2h`, `90d`, `2w`, `1y` (365 days), several of them, `1h30m`, or ISO 8601, `PT10M`.
      - A *range* is written as in Slurm: `workr[1-5]`, `workr[01-12]`, `192.168.64.[1-3,7]/16`, `head,workr[1-2]`. It may stand for 1000 hosts at most.
      - A *file path* is absolute, starts with `~/`, or is relative to the directory of the pom.
      - Secrets never stand in a pom.

      """;

  @Test
  void isWhatTheRecordsSay() throws IOException {
    String page =
        HEAD
            + ReferencePage.of(ClusterSpec.class, "cluster")
            + "## A cluster with almost everything\n\n```xml\n"
            + Files.readString(EVERYTHING)
            + "```\n";
    if (Boolean.getBoolean("workr.golden.update")) {
      Files.createDirectories(PAGE.getParent());
      Files.writeString(PAGE, page);
    }
    assertThat(Files.readString(PAGE))
        .as("docs/reference/cluster.md; run the test with -Dworkr.golden.update=true")
        .isEqualTo(page);
  }
}
