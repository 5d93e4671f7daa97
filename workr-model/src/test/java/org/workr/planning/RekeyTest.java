package org.workr.planning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.workr.capability.disk.Rekey.Part.BINDING;
import static org.workr.capability.disk.Rekey.Part.PASSPHRASE;
import static org.workr.capability.disk.Rekey.Part.VOLUME_KEY;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.workr.capability.Findings;
import org.workr.capability.Situation;
import org.workr.capability.disk.Rekey;
import org.workr.diagnostic.Diagnostic;
import org.workr.facts.Facts;
import org.workr.plan.Change;
import org.workr.plan.Step;
import org.workr.spec.ClusterSpec;

/** Plans that replace keys, for machines of the golden cases of the disks. */
class RekeyTest {
  private static final Set<Rekey.Part> ALL = Set.of(PASSPHRASE, BINDING, VOLUME_KEY);

  /**
   * When the binding of the provisioned machine was made, by its clock; its last key is younger.
   */
  private static final Instant BOUND = Instant.ofEpochSecond(1795294630);

  /** When facts were read. */
  private static final Instant NOW = Instant.ofEpochSecond(1795296000);

  @Test
  void replacesEverythingInTheSafeOrder() throws IOException {
    Findings plan = plan("provisioned", new Rekey(ALL, NOW, false));
    assertThat(lines(plan))
        .containsExactly(
            "~ disk.passphrase: the secret stats.workr1.luks -> the secret stats.workr1.luks, made"
                + " anew",
            "~ disk.binding: 2 of (http://10.77.0.11, http://10.77.0.12, http://10.77.0.13)"
                + " -> 2 of (http://10.77.0.11 Vb4G-l5A, http://10.77.0.12 n3G0NgfB,"
                + " http://10.77.0.13 ea1CYjR4)",
            "~ disk.volume-key: of 2026-11-21T21:11:40Z -> made anew on this machine",
            "~ disk.header-copy: of an older header -> on the controller, encrypted");
    assertThat(plan.changes().get(0).steps().stream().map(step -> step.getClass().getSimpleName()))
        .containsExactly(
            "ForgetSecret",
            "MakeSecret",
            "Run",
            "Run",
            "PromoteSecret",
            "Run",
            "Run",
            "ForgetSecret");
    // Copies of the header go when it has begun, and before the first block changes.
    assertThat(plan.changes().get(2).steps().stream().map(step -> step.getClass().getSimpleName()))
        .containsExactly("Run", "Run", "DestroyHeaders", "Run", "Await", "Run");
  }

  @Test
  void leavesWhatIsYoungEnough() throws IOException {
    assertThat(plan("provisioned", new Rekey(ALL, BOUND.minusSeconds(60), true)).changes())
        .isEmpty();
  }

  @Test
  void replacesWhatIsAskedFor() throws IOException {
    assertThat(ids(plan("provisioned", new Rekey(Set.of(PASSPHRASE), NOW, false))))
        .containsExactly("disk.passphrase", "disk.header-copy");
    assertThat(ids(plan("provisioned", new Rekey(Set.of(BINDING), NOW, false))))
        .containsExactly("disk.binding", "disk.header-copy");
    assertThat(ids(plan("provisioned", new Rekey(Set.of(VOLUME_KEY), NOW, false))))
        .containsExactly("disk.volume-key", "disk.header-copy");
  }

  @Test
  void onlyWhatIsOldEnough() throws IOException {
    assertThat(ids(plan("provisioned", new Rekey(ALL, BOUND.plusSeconds(1), false))))
        .containsExactly("disk.passphrase", "disk.binding", "disk.header-copy");
  }

  @Test
  void rehearsesWhatHasNotBeenRestartedSince() throws IOException {
    assertThat(ids(plan("provisioned", new Rekey(Set.of(BINDING), NOW, true))))
        .containsExactly("disk.binding", "disk.header-copy", "disk.unlock");
    assertThat(ids(plan("provisioned", new Rekey(Set.of(PASSPHRASE), NOW, true))))
        .containsExactly("disk.passphrase", "disk.header-copy");
    assertThat(ids(plan("unlock-not-proven", new Rekey(Set.of(), NOW, true))))
        .containsExactly("disk.unlock");
  }

  @Test
  void goesByTheClockOfTheHost() throws IOException {
    Rekey rekey = new Rekey(Set.of(BINDING), BOUND.minusSeconds(3000), false);
    assertThat(ids(plan("provisioned", rekey))).isEmpty();
    Map<String, Facts.Section> ahead = facts("provisioned");
    ahead.put(
        "controller.clock",
        new Facts.Section(0, String.valueOf(NOW.minusSeconds(3600).getEpochSecond())));
    assertThat(ids(plan("provisioned", ahead, rekey)))
        .containsExactly("disk.binding", "disk.header-copy");
  }

  @Test
  void givesACloneItsOwnPassphraseAndNotTheNextOne() throws IOException {
    Change passphrase =
        plan("fresh-clone", new Rekey(ALL, NOW, false)).changes().stream()
            .filter(change -> change.subject().equals("passphrase"))
            .findFirst()
            .orElseThrow();
    assertThat(passphrase.steps())
        .noneMatch(step -> step instanceof Step.MakeSecret || step instanceof Step.PromoteSecret);
  }

  @Test
  void letsAnOldPassphraseGoBeforeTheNextOneComes() throws IOException {
    Findings plan = plan("passphrase-of-the-template-besides", new Rekey(ALL, NOW, false));
    assertThat(plan.changes().get(0).steps()).noneMatch(step -> step instanceof Step.MakeSecret);
  }

  @Test
  void saysWhereABindingIsNotReplacedInOneWrite() throws IOException {
    Map<String, Facts.Section> facts = facts("provisioned");
    String state = facts.get("disk.state").output();
    facts.put(
        "disk.state", new Facts.Section(0, state.replace("cryptsetup 2.6.1", "cryptsetup 2.4.3")));
    assertThat(found("provisioned", facts, new Rekey(Set.of(BINDING), NOW, false)).problems())
        .extracting(Diagnostic::summary)
        .anyMatch(text -> text.startsWith("cryptsetup 2.4.3 takes two writes"));
    assertThat(found("provisioned", facts, new Rekey(Set.of(VOLUME_KEY), NOW, false)).problems())
        .extracting(Diagnostic::summary)
        .noneMatch(text -> text.contains("two writes"));
  }

  /** It may open by the passphrase that would be forgotten. */
  @Test
  void keepsThePassphraseOfADiskThatIsNotThere() throws IOException {
    Findings findings = found("disk-not-there", facts("disk-not-there"), new Rekey(ALL, NOW, true));
    assertThat(findings.problems())
        .filteredOn(Diagnostic::isError)
        .extracting(Diagnostic::summary)
        .containsExactly(
            "/etc/crypttab names a disk that is not there:"
                + " UUID=0b7a4c52-6d3e-4f18-8a90-e5c2d1b7f364");
    assertThat(ids(findings)).doesNotContain("disk.passphrase");
    assertThat(ids(plan("disk-not-there", new Rekey(Set.of(BINDING), NOW, false))))
        .containsExactly("disk.binding", "disk.header-copy");
  }

  /** Nothing opens it until its end is mended, but then its keyslots do. */
  @Test
  void keepsThePassphraseOfADiskWhoseReencryptionHasNotEnded() throws IOException {
    String name = "second-device-not-open-at-the-end-of-its-reencryption";
    Findings findings = found(name, facts(name), new Rekey(ALL, NOW, true));
    assertThat(findings.problems())
        .filteredOn(Diagnostic::isError)
        .extracting(Diagnostic::summary)
        .containsExactly("a disk that is not managed opens by the host's passphrase: /dev/loop0");
    assertThat(ids(findings)).doesNotContain("disk.passphrase");
  }

  @Test
  void goesOnWithAPassphraseThatHasCome() throws IOException {
    for (Rekey rekey :
        List.of(new Rekey(ALL, NOW, false), new Rekey(Set.of(BINDING), BOUND, false))) {
      Change passphrase =
          plan("interrupted-new-passphrase-pending", rekey).changes().stream()
              .filter(change -> change.subject().equals("passphrase"))
              .findFirst()
              .orElseThrow();
      assertThat(passphrase.steps()).anyMatch(step -> step instanceof Step.PromoteSecret);
    }
  }

  @Test
  void finishesAReencryptionBeforeAnythingElse() throws IOException {
    for (String name :
        List.of("interrupted-reencryption-runs", "interrupted-reencryption-stopped")) {
      assertThat(ids(plan(name, new Rekey(ALL, NOW, true))))
          .containsExactly("disk.volume-key", "disk.header-copy");
    }
  }

  @Test
  void doesNothingElse() throws IOException {
    assertThat(
            Capabilities.rekeying(new Rekey(ALL, NOW, false)).stream()
                .map(use -> use.capability().name()))
        .containsExactly("platform", "disk");
    assertThat(
            Capabilities.rekeying(new Rekey(ALL, NOW, true)).stream()
                .map(use -> use.capability().name()))
        .containsExactly("platform", "disk", "restart");
  }

  private static GoldenCase golden(String name) {
    return GoldenCase.of(GoldenCase.ROOT.resolve("disk").resolve(name));
  }

  private static Map<String, Facts.Section> facts(String name) throws IOException {
    Map<String, Facts.Section> facts = new HashMap<>(golden(name).before());
    facts.put("controller.clock", facts.get("platform.clock"));
    return facts;
  }

  private static Findings plan(String name, Rekey rekey) throws IOException {
    return plan(name, facts(name), rekey);
  }

  private static Findings plan(String name, Map<String, Facts.Section> facts, Rekey rekey)
      throws IOException {
    Findings findings = found(name, facts, rekey);
    assertThat(findings.problems()).noneMatch(Diagnostic::isError);
    return findings;
  }

  private static Findings found(String name, Map<String, Facts.Section> facts, Rekey rekey)
      throws IOException {
    ClusterSpec spec = golden(name).spec();
    return Capabilities.rekeying(rekey).stream()
        .filter(use -> use.capability().name().equals("disk"))
        .findFirst()
        .orElseThrow()
        .plan(spec, new Situation(spec.hosts().get(0), new Facts(facts), List.of()))
        .orElseThrow();
  }

  private static Stream<String> ids(Findings findings) {
    return findings.changes().stream().map(Change::id);
  }

  private static Stream<String> lines(Findings findings) {
    return findings.changes().stream()
        .map(
            change ->
                change.action().sign()
                    + " "
                    + change.id()
                    + ": "
                    + change.before()
                    + " -> "
                    + change.after());
  }
}
