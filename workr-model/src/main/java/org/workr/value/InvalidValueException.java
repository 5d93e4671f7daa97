package org.workr.value;

/**
 * A text that is not a value of the wanted type. It carries the two halves of a {@link
 * org.workr.diagnostic.Diagnostic}: what is wrong, and what to do.
 */
public final class InvalidValueException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String summary;
  private final String hint;

  /**
   * Says why a text was refused.
   *
   * @param summary what is wrong, the value in single quotes, without a full stop
   * @param hint what to write instead
   */
  public InvalidValueException(String summary, String hint) {
    super(summary + ". " + hint);
    this.summary = summary;
    this.hint = hint;
  }

  /** What is wrong, the value in single quotes. */
  public String summary() {
    return summary;
  }

  /** What to write instead. */
  public String hint() {
    return hint;
  }
}
