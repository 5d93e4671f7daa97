package org.workr.capability.tang;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.capability.SampleHost;
import org.workr.capability.Situation;
import org.workr.capability.disk.Rekey;
import org.workr.facts.Facts;
import org.workr.facts.Reading;
import org.workr.plan.Action;
import org.workr.plan.Change;
import org.workr.plan.NeedsRestart;
import org.workr.plan.Stage;
import org.workr.plan.Step;
import org.workr.value.Host;
import org.workr.value.Role;

class TangTest {
  private static final Serving SERVING = new Serving(new TangSpec(80), Map.of());
  private static final long MADE = 1795290000;
  private static final String SERVES =
      """
      package jose
      package tang
      port 80
      active active
      enabled enabled
      listener LISTEN 0 4096 *:80 *:* users:(("systemd",pid=1,fd=61))
      key signs own %1$d Vb4G-l5A6ruPe-tVUWbXGEbQN7d_dtFWadTSNiBQS28
      key exchanges own %1$d ea1CYjR4CEmK1Op_WOdlxW4kLwRMorYoL0awwU1oDgE
      """
          .formatted(MADE);

  @Test
  void keysAreRotatedWhenTheyAreOlderThanAskedFor() {
    assertThat(rotated(MADE + 1, 0)).containsExactly("tang.keys");
    assertThat(rotated(MADE, 0)).isEmpty();
  }

  @Test
  void theirAgeGoesByTheHostsClock() {
    assertThat(rotated(MADE + 1, -60)).isEmpty();
    assertThat(rotated(MADE - 59, 60)).containsExactly("tang.keys");
  }

  @Test
  void theyAreNotRotatedUnlessThatIsAskedFor() {
    Rekey disks = new Rekey(Set.of(Rekey.Part.BINDING), Instant.ofEpochSecond(MADE + 1), false);
    assertThat(ids(new Tang(disks), 0)).isEmpty();
  }

  @Test
  void aClonesKeysAreTheTemplates() {
    Change machineId =
        new Change(
            "identity",
            "machine-id",
            Action.UPDATE,
            "",
            "",
            Stage.IDENTITY,
            NeedsRestart.NO,
            List.of(Step.run("true")));
    assertThat(new Tang().plan(SERVING, situation(0, List.of(machineId))).changes())
        .singleElement()
        .satisfies(change -> assertThat(change.before()).startsWith("the template's"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "key signs own 1 x",
        "key signs own",
        "key signs own x Vb4G-l5A6ruPe-tVUWbXGEbQN7d_dtFWadTSNiBQS28",
        "something else"
      })
  void whatTheProbeDoesNotSayIsNotGuessed(String line) {
    Facts facts = new Facts(Map.of("tang.state", new Facts.Section(0, line)));
    assertThat(facts.get(TangState.fact(new TangSpec(80)))).isInstanceOf(Reading.Unknown.class);
  }

  private static List<String> rotated(long before, long ahead) {
    Rekey rekey = new Rekey(Set.of(Rekey.Part.TANG), Instant.ofEpochSecond(before), false);
    return ids(new Tang(rekey), ahead);
  }

  private static List<String> ids(Tang tang, long ahead) {
    return tang.plan(SERVING, situation(ahead, List.of())).changes().stream()
        .map(Change::id)
        .toList();
  }

  private static Situation situation(long ahead, List<Change> earlier) {
    Facts facts =
        new Facts(
            Map.of(
                "tang.state", new Facts.Section(0, SERVES),
                "platform.clock", new Facts.Section(0, String.valueOf(MADE + 5000 + ahead)),
                "controller.clock", new Facts.Section(0, String.valueOf(MADE + 5000))));
    return new Situation(host(), facts, earlier);
  }

  private static Host host() {
    return SampleHost.with(Set.of(Role.TANG));
  }
}
