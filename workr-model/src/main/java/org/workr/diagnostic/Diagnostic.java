package org.workr.diagnostic;

/**
 * One problem: where it is, what is wrong with which value, and what to do about it.
 *
 * @param severity whether it stops the work
 * @param path where: an element path of the pom such as {@code cluster.workers[1].address}, or a
 *     host's name for a problem of a machine
 * @param summary what is wrong, with the offending value in single quotes; one sentence without a
 *     full stop
 * @param hint what to do; one or more sentences
 */
public record Diagnostic(Severity severity, String path, String summary, String hint) {

  /** An error at {@code path}. */
  public static Diagnostic error(String path, String summary, String hint) {
    return new Diagnostic(Severity.ERROR, path, summary, hint);
  }

  /** A warning at {@code path}. */
  public static Diagnostic warning(String path, String summary, String hint) {
    return new Diagnostic(Severity.WARNING, path, summary, hint);
  }

  /** Whether work must not go on while this stands. */
  public boolean isError() {
    return severity == Severity.ERROR;
  }

  /** {@code path: summary. hint}, the form in which every goal prints it. */
  @Override
  public String toString() {
    return path + ": " + summary + ". " + hint;
  }
}
