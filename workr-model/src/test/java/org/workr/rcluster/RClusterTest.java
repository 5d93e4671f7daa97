package org.workr.rcluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.binding.Binder;
import org.workr.binding.XmlElements;
import org.workr.capability.container.ContainerLock;
import org.workr.diagnostic.Diagnostic;
import org.workr.spec.ClusterSpec;

/** What an analyst gets. */
class RClusterTest {
  @TempDir Path folder;

  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9";
  private static final String CONTAINER =
      "<container><image>rocker/r-ver:4.4.2</image><rPackages>future,furrr</rPackages></container>";
  private static final String TANG =
      "<worker><hostname>tang1</hostname><address>10.0.0.3/24</address><roles>tang</roles></worker>";
  private static final String WORKERS =
      "<worker><hostname>workr[1-2]</hostname><address>10.0.0.[1-2]/24</address><slots>4</slots></worker>"
          + TANG;

  private static final String LOCK =
      """
      # a comment

      r 4.4.2
      host-key workr1 %s somebody@somewhere
      host-key workr2 %s
      """
          .formatted(KEY, KEY);

  @Test
  void holdsWhatIsDeclaredAndLocked() throws IOException {
    var files = cluster(LOCK, CONTAINER, WORKERS).files();
    assertThat(files)
        .containsOnlyKeys(
            "README.md",
            "workr.R",
            "workr_mirai.R",
            "workr_crew.R",
            "targets.R",
            "slurm.tmpl",
            "cluster.R",
            "ssh_config",
            "known_hosts");
    assertThat(files.get("cluster.R"))
        .contains(
            "cluster_name <- \"c\"",
            "  name = c(\"workr1\", \"workr2\"),\n  slots = c(4L, 4L),\n  threads = c(1L, 1L),",
            "packages <- c(\"future\", \"furrr\")",
            "rscript <- \"/usr/local/bin/Rscript\"",
            "r_version <- \"4.4.2\"");
    assertThat(files.get("ssh_config"))
        .contains(
            "Host workr2\n  HostName 10.0.0.2\n  HostKeyAlias workr2\n",
            "  User rstudio\n  Port 2222\n",
            "  StrictHostKeyChecking yes\n")
        .doesNotContain("tang1");
    assertThat(files.values()).allMatch(text -> text.contains(RCluster.MARK));
    assertThat(files.get("known_hosts")).endsWith("\nworkr1 " + KEY + "\nworkr2 " + KEY + "\n");
    assertThat(files.get("workr.R")).startsWith("# Workers for future and furrr");
  }

  @Test
  void saysHowToReachRStudioWhereItIs() throws IOException {
    assertThat(cluster(LOCK, CONTAINER, WORKERS).files().get("README.md"))
        .doesNotContain("## RStudio");
    String inside = CONTAINER.replace("<rP", "<rstudio><port>9000</port></rstudio><rP");
    assertThat(cluster(LOCK, inside, WORKERS).files().get("README.md"))
        .contains(
            "-N -L 9000:localhost:9000 workr1\n",
            "<http://localhost:9000>",
            " workr1 cat /etc/ssh/workr/rstudio/password\n");
    String open = CONTAINER.replace("<rP", "<rstudio><address>host</address></rstudio><rP");
    assertThat(cluster(LOCK, open, WORKERS).files().get("README.md"))
        .contains("Open <http://10.0.0.1:8787>")
        .doesNotContain(" -L ");
  }

  /** No R is needed to see these; src-it/e2e/r-cluster parses and runs the files. */
  @Test
  void encryptsAndSaysWithWhatItWasRun() throws IOException {
    var files = cluster(LOCK, CONTAINER, WORKERS).files();
    assertThat(files.get("workr_mirai.R"))
        .contains("It was run with mirai ", "paste0(\"ipc://\", path)", "\"tls+tcp://%s:%d\"")
        .doesNotContain("\"tcp://");
    assertThat(files.get("workr_crew.R"))
        .contains("It was run with crew ", "tls = crew::crew_tls(mode = \"automatic\")");
    assertThat(files.get("targets.R"))
        .contains("It was run with targets ", "storage = \"main\"", "retrieval = \"main\"");
    assertThat(files.get("slurm.tmpl"))
        .startsWith("#!/bin/bash\n")
        .contains("Prepared for a later version of workr");
    assertThat(files.get("README.md"))
        .contains("workr_mirai.R", "workr_crew.R", "targets.R", "this one sets up no Slurm");
  }

  /** They are made of the functions of workr.R, and start no R and no ssh by themselves. */
  @Test
  void startsRInOneWay() throws IOException {
    var files = cluster(LOCK, CONTAINER, WORKERS).files();
    for (String name : List.of("workr_mirai.R", "workr_crew.R")) {
      assertThat(files.get(name))
          .as(name)
          .contains(
              "local(envir = new.env(parent = environment(workr$plan)), {", "usable(", "launch(")
          .doesNotContain("system(", "system2(", "Rscript");
    }
  }

  @Test
  void leavesOpenWhatIsNotLocked() throws IOException {
    String lock = LOCK.replace("r 4.4.2", "rscript /opt/R/bin/Rscript");
    assertThat(cluster(lock, CONTAINER, WORKERS).files().get("cluster.R"))
        .contains("r_version <- NA_character_", "rscript <- \"/opt/R/bin/Rscript\"");
  }

  @Test
  void saysAllThatIsMissing() throws IOException {
    assertThat(cluster("", "", TANG).problems())
        .extracting(Diagnostic::path)
        .containsExactly("cluster.container", "cluster.workers");
    RCluster keyless = cluster("host-key workr2 " + KEY, CONTAINER, WORKERS);
    assertThat(keyless.problems())
        .extracting(Diagnostic::summary)
        .containsExactly("has no host key of the container of 'workr1'");
    assertThatThrownBy(keyless::files).isInstanceOf(IllegalStateException.class);
  }

  private RCluster cluster(String lock, String container, String workers) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("cluster.xml"),
            """
            <cluster>
              <name>c</name>
              <ssh>
                <user>u</user>
                <hostKey>SHA256:uNiVztksCsDhcc0u9e8BrrQXVUpKJvAmfGsYhDJjgKE</hostKey>
              </ssh>
              %s
              <workers>%s</workers>
            </cluster>
            """
                .formatted(container, workers));
    var bound = Binder.bind(XmlElements.file(file), ClusterSpec.class);
    return new RCluster(
        bound.value().orElseThrow(() -> new AssertionError(bound.diagnostics())),
        ContainerLock.parse(lock),
        "workr-container.lock");
  }
}
