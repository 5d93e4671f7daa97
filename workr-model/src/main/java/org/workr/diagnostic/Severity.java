package org.workr.diagnostic;

/** How much a {@link Diagnostic} matters. */
public enum Severity {
  /** Nothing is done while one of these stands. */
  ERROR,
  /** Work goes on, the person is told. */
  WARNING
}
