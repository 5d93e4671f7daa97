package org.workr.capability.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.plan.NeedsRestart;

/** The steps and probes are run by the machine's own sh, with an apt that says what it is told. */
class AptTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  /** As apt 2.6 writes it, with status 0. */
  private static final String PARTLY =
      """
      cat <<'end'
      Hit:1 http://archive.example.org/debian bookworm InRelease
      Err:2 http://security.example.org/debian-security bookworm-security InRelease
        Could not connect to security.example.org:80 (192.0.2.1). - connect (111: Connection refused)
      Reading package lists...
      W: Failed to fetch http://security.example.org/debian-security/dists/bookworm-security/InRelease  Could not connect to security.example.org:80
      W: Some index files failed to download. They have been ignored, or old ones used instead.
      end
      """;

  private static final String COMPLETE =
      "echo 'Hit:1 http://archive.example.org/debian bookworm InRelease'\n";

  @TempDir Path folder;
  private Sandbox sandbox;

  @BeforeEach
  void prepare() throws IOException {
    sandbox = new Sandbox(folder);
  }

  @Test
  void listsAreFreshWhenAllOfThemCouldBeFetched() throws Exception {
    apt(COMPLETE);

    assertThat(sandbox.run(Apt.updateAll(LIMIT)).status()).isZero();

    assertThat(calls()).hasSize(1);
    assertThat(freshness()).isEqualTo("fresh");
  }

  @Test
  void listsAreNotFreshWhenSomethingCouldNotBeFetched() throws Exception {
    apt(PARTLY);

    Sandbox.Result result = sandbox.run(Apt.update(LIMIT));

    assertThat(result.status()).as(result.output()).isZero();
    assertThat(calls()).as("tries").hasSize(3);
    assertThat(freshness()).isEqualTo("stale");
  }

  /** The distribution's own stamp is touched by apt also when only some could be fetched. */
  @Test
  void listsAreNotFreshBecauseTheDistributionSaysSo() throws Exception {
    apt(COMPLETE);
    sandbox.file("/var/lib/apt/periodic/update-success-stamp", "");
    Path stamp = sandbox.file(Apt.STAMP, "");
    assertThat(freshness()).isEqualTo("fresh");

    assertThat(stamp.toFile().setLastModified(System.currentTimeMillis() - 8 * 86_400_000L))
        .isTrue();

    assertThat(freshness()).isEqualTo("stale");
  }

  @Test
  void nothingIsUpgradedFromListsThatAreNotComplete() throws Exception {
    apt(PARTLY);

    Sandbox.Result result = sandbox.run(Apt.updateAll(LIMIT));

    assertThat(result.status()).isEqualTo(1);
    assertThat(calls()).as("tries").hasSize(3);
    assertThat(result.output().lines().toList())
        .last()
        .isEqualTo(
            "nothing was upgraded, because these package lists could not be fetched:"
                + " http://security.example.org/debian-security/dists/bookworm-security/InRelease."
                + " Let the host reach them, or correct its entries in /etc/apt, and run the goal"
                + " again.");
    assertThat(freshness()).isEqualTo("stale");
  }

  @Test
  void namesWhatFailedAlsoWhenAptHasNoSummary() throws Exception {
    apt("echo 'Err:12 http://security.example.org/debian bookworm-security InRelease'\n");

    assertThat(sandbox.run(Apt.updateAll(LIMIT)).output())
        .contains("fetched: http://security.example.org/debian bookworm-security InRelease. Let");
    assertThat(freshness()).isEqualTo("stale");
  }

  @Test
  void triesAgainWhatCouldNotBeFetched() throws Exception {
    apt("[ $(wc -l <" + folder + "/calls) -gt 1 ] || {\n" + PARTLY + "}\n" + COMPLETE);

    assertThat(sandbox.run(Apt.updateAll(LIMIT)).status()).isZero();

    assertThat(calls()).hasSize(2);
    assertThat(freshness()).isEqualTo("fresh");
  }

  @Test
  void whatAptCallsAFailureIsOne() throws Exception {
    apt("echo 'E: The repository has no Release file.'; exit 100\n");

    Sandbox.Result result = sandbox.run(Apt.update(LIMIT));

    assertThat(result.status()).isNotZero();
    assertThat(result.output()).isEqualTo("E: The repository has no Release file.");
    assertThat(freshness()).isEqualTo("stale");
  }

  @Test
  void notesTheRestartThatOnlyFreshListsAskFor() throws Exception {
    for (String kernel : List.of("linux-image-amd64", "libc6")) {
      due("Inst sudo [1] (2 D [amd64])\nInst " + kernel + " [1] (2 D:12/x-security [amd64])");

      assertThat(sandbox.run(Apt.upgradeSecurity(LIMIT)).status()).isZero();

      assertThat(sandbox.path(NeedsRestart.NOTE)).hasContent("packages.upgrade\n");
      Files.delete(sandbox.path(NeedsRestart.NOTE));
    }
    due("Inst dbus [1] (2 Debian:12.9/stable [amd64])");
    assertThat(sandbox.run(Apt.upgradeAll(LIMIT)).status()).isZero();
    assertThat(sandbox.path(NeedsRestart.NOTE)).hasContent("packages.upgrade\n");
  }

  @Test
  void notesNoRestartThatNothingAsksFor() throws Exception {
    due("Inst libc6-dev [1] (2 Debian:12/stable-security [amd64])");

    assertThat(sandbox.run(Apt.upgradeSecurity(LIMIT)).status()).isZero();
    assertThat(sandbox.run(Apt.upgradeAll(LIMIT)).status()).isZero();
    due("");
    assertThat(sandbox.run(Apt.upgradeAll(LIMIT)).status()).isZero();
    assertThat(sandbox.run(Apt.upgradeSecurity(LIMIT)).status()).isZero();

    assertThat(sandbox.path(NeedsRestart.NOTE)).doesNotExist();
  }

  @Test
  void doesNotTakeNoAnswerForNothing() throws Exception {
    sandbox.program("apt-get", "echo 'E: Unmet dependencies.'; exit 100\n");

    assertThat(sandbox.run(Apt.upgradeSecurity(LIMIT)).status()).isNotZero();
  }

  @Test
  void notesTheRestartThatInterruptedWorkAsksFor() throws Exception {
    due("");
    sandbox.program("dpkg", "");
    sandbox.program("dpkg-query", "printf 'systemd triggers-pending ok\\nsudo unpacked ok\\n'");
    assertThat(sandbox.run(Apt.resume(LIMIT)).status()).isZero();
    assertThat(sandbox.path(NeedsRestart.NOTE)).doesNotExist();

    sandbox.program("dpkg-query", "echo linux-image-6.1.0-40-amd64 half-configured ok");
    assertThat(sandbox.run(Apt.resume(LIMIT)).status()).isZero();
    assertThat(sandbox.path(NeedsRestart.NOTE)).hasContent("packages.interrupted installation\n");
  }

  private void due(String text) throws IOException {
    sandbox.program("apt-get", "[ \"$1\" != -s ] || echo '" + text + "'; exit 0\n");
    sandbox.program("apt-mark", "");
  }

  private void apt(String update) throws IOException {
    sandbox.program(
        "apt-get",
        """
        case "$*" in -s*) exit 0 ;; esac
        echo "$*" >>%s/calls
        """
                .formatted(folder)
            + update);
  }

  private List<String> calls() throws IOException {
    return Files.readAllLines(folder.resolve("calls"));
  }

  private String freshness() throws IOException, InterruptedException {
    return sandbox.probe(Upgrades.fact(Upgrade.SECURITY).probe()).output();
  }
}
