package org.workr.output;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.workr.engine.Event;
import org.workr.value.Hostname;

class HeartbeatTest {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private final List<String> said = new ArrayList<>();
  private long now;
  private final Heartbeat heartbeat =
      new Heartbeat(event -> said.add(event.host() + " " + event.text()), () -> now);

  @AfterEach
  void stop() {
    heartbeat.close();
  }

  @Test
  void saysWhatTakesLongAndSinceWhen() {
    happens("h1", Event.Kind.BEGUN, "");
    seconds(30);
    heartbeat.beat(INTERVAL);
    happens("h1", Event.Kind.CHANGE_BEGUN, "packages.install");
    seconds(29);
    heartbeat.beat(INTERVAL);
    seconds(1);
    heartbeat.beat(INTERVAL);
    assertThat(said)
        .containsExactly(
            "h1 still looking at it, for 30 s", "h1 still busy with packages.install, for 30 s");
  }

  @Test
  void saysNothingOfHostsThatNobodyWorksOn() {
    happens("h1", Event.Kind.BEGUN, "");
    happens("h1", Event.Kind.PLANNED, "");
    seconds(3600);
    heartbeat.beat(INTERVAL);
    assertThat(said).isEmpty();
  }

  @Test
  void saysOneLineOfMany() {
    happens("h9", Event.Kind.BEGUN, "");
    seconds(60);
    for (int i = 1; i <= 6; i++) {
      happens("h" + i, Event.Kind.BEGUN, "");
    }
    seconds(30);
    heartbeat.beat(INTERVAL);
    assertThat(said)
        .containsExactly("h9 still looking at it, for 1 min 30 s; 6 other hosts take long too");
  }

  private void happens(String host, Event.Kind kind, String change) {
    heartbeat.happened(new Event(new Hostname(host), kind, change, ""));
  }

  private void seconds(long count) {
    now += Duration.ofSeconds(count).toNanos();
  }
}
