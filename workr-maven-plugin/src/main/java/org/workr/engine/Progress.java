package org.workr.engine;

import java.util.List;

/** Where a run tells what happens. Called by several threads at once. */
@FunctionalInterface
public interface Progress {

  /** Takes note of an event; returns soon and throws nothing. */
  void happened(Event event);

  /** Tells each of {@code listeners}, in order. */
  static Progress all(List<Progress> listeners) {
    List<Progress> copy = List.copyOf(listeners);
    return event -> copy.forEach(listener -> listener.happened(event));
  }
}
