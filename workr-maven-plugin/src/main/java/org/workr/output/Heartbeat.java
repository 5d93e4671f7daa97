package org.workr.output;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.workr.engine.Durations;
import org.workr.engine.Event;
import org.workr.engine.Progress;
import org.workr.value.Hostname;

/**
 * Says now and then what takes long, so that a quiet run does not look like a dead one: one event
 * for each host that has been at the same thing since the last beat, and of more than {@value
 * #MANY} hosts only for the one that has been at it longest.
 */
public final class Heartbeat implements Progress, AutoCloseable {
  static final int MANY = 5;

  private final Map<Hostname, Activity> active = new TreeMap<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "workr-heartbeat");
            thread.setDaemon(true);
            return thread;
          });
  private final Progress listener;
  private final LongSupplier nanoTime;

  /** What a host is at, and since when. */
  private record Activity(String what, long since, long changed) {}

  /**
   * @param listener gets the events
   * @param nanoTime a clock as {@link System#nanoTime}
   */
  public Heartbeat(Progress listener, LongSupplier nanoTime) {
    this.listener = listener;
    this.nanoTime = nanoTime;
  }

  /** Begins to beat. */
  public void every(Duration interval) {
    Future<?> unused =
        timer.scheduleAtFixedRate(
            () -> beat(interval), interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void happened(Event event) {
    switch (event.kind()) {
      case BEGUN -> begin(event.host(), "looking at it");
      case CHANGE_BEGUN -> begin(event.host(), "busy with " + event.subject());
      case PLANNED, CHANGE_DONE, CHANGE_FAILED, STOPPED, LEFT, DONE -> active.remove(event.host());
      case WAITING -> begin(event.host(), "waiting " + event.text());
      default ->
          Optional.ofNullable(active.get(event.host()))
              .ifPresent(a -> active.put(event.host(), new Activity(a.what, a.since, now())));
    }
  }

  private synchronized void begin(Hostname host, String what) {
    active.put(host, new Activity(what, now(), now()));
  }

  /** Tells of every host that has been at the same thing for at least {@code interval}. */
  synchronized void beat(Duration interval) {
    long now = now();
    List<Map.Entry<Hostname, Activity>> slow =
        active.entrySet().stream()
            .filter(entry -> now - entry.getValue().changed >= interval.toNanos())
            .toList();
    if (slow.size() <= MANY) {
      slow.forEach(entry -> tell(entry, now, ""));
      return;
    }
    slow.stream()
        .min(Comparator.comparingLong(entry -> entry.getValue().since))
        .ifPresent(
            oldest -> tell(oldest, now, "; " + (slow.size() - 1) + " other hosts take long too"));
  }

  private void tell(Map.Entry<Hostname, Activity> entry, long now, String more) {
    String time = Durations.text(Duration.ofNanos(now - entry.getValue().since));
    String text = "still " + entry.getValue().what + ", for " + time + more;
    listener.happened(new Event(entry.getKey(), Event.Kind.BUSY, "", text));
  }

  private long now() {
    return nanoTime.getAsLong();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
