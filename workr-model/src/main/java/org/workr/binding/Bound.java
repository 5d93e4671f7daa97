package org.workr.binding;

import java.util.List;
import java.util.Optional;
import org.workr.diagnostic.Diagnostic;

/**
 * A record bound from XML, with all that was wrong.
 *
 * @param value the record; empty when there was an error
 * @param diagnostics every problem, warnings too
 * @param <T> type of the record
 */
public record Bound<T>(Optional<T> value, List<Diagnostic> diagnostics) {

  /** Copies the list. */
  public Bound {
    diagnostics = List.copyOf(diagnostics);
  }
}
