package org.workr.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.workr.engine.Event;
import org.workr.value.Hostname;

class TextProgressTest {
  private final List<String> said = new ArrayList<>();
  private long now;
  private final TextProgress progress = new TextProgress(said::add, 3, () -> now);

  private void happens(String host, Event.Kind kind, String text) {
    progress.happened(new Event(new Hostname(host), kind, "disk.key", text));
  }

  private void pauses(int count) {
    now += TextProgress.PAUSE.toNanos() * count;
  }

  @Test
  void aHostSaysNowAndThenHowFarItIs() {
    happens("h1", Event.Kind.PROGRESS, "1 %");
    now += Duration.ofSeconds(1).toNanos();
    happens("h1", Event.Kind.PROGRESS, "2 %");
    pauses(1);
    happens("h1", Event.Kind.PROGRESS, "3 %");
    assertThat(said).containsExactly("h1   disk.key: 1 %", "h1   disk.key: 3 %");
  }

  @Test
  void manyHostsTakeTurns() {
    happens("h1", Event.Kind.PROGRESS, "1 %");
    happens("h2", Event.Kind.PROGRESS, "1 %");
    pauses(1);
    happens("h1", Event.Kind.PROGRESS, "2 %");
    happens("h2", Event.Kind.PROGRESS, "2 %");
    pauses(1);
    happens("h1", Event.Kind.PROGRESS, "3 %");
    happens("h2", Event.Kind.PROGRESS, "3 %");
    assertThat(said).hasSize(4).endsWith("h1   disk.key: 3 %", "h2   disk.key: 3 %");
  }

  @Test
  void hostsThatAreDoneTakeNoTurn() {
    happens("h1", Event.Kind.PROGRESS, "1 %");
    happens("h2", Event.Kind.PROGRESS, "1 %");
    happens("h2", Event.Kind.CHANGE_DONE, "5 s");
    pauses(1);
    happens("h1", Event.Kind.PROGRESS, "2 %");
    assertThat(said).endsWith("h2   disk.key: done in 5 s", "h1   disk.key: 2 %");
  }

  @Test
  void everythingElseIsSaidAtOnce() {
    happens("h1", Event.Kind.PROGRESS, "1 %");
    happens("h1", Event.Kind.WAITING, "to answer again");
    happens("h1", Event.Kind.PROGRESS, "2 %");
    happens("h1", Event.Kind.LEFT, "it goes on by itself");
    assertThat(said)
        .containsExactly(
            "h1   disk.key: 1 %", "h1   waiting to answer again", "h1   it goes on by itself");
  }
}
