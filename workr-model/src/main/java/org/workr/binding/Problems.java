package org.workr.binding;

/** Where a {@link Checked} record reports what is wrong in it. */
public final class Problems {
  private final Ledger ledger;
  private final String path;

  Problems(Ledger ledger, String path) {
    this.ledger = ledger;
    this.path = path;
  }

  /**
   * Whether a part, with everything in it, is what the pom says.
   *
   * @param part a path within the record, such as {@code workers[0].address}
   */
  public boolean usable(String part) {
    return ledger.usable(at(part));
  }

  /**
   * Reports an error.
   *
   * @param part a path within the record; empty for the record itself
   * @param summary what is wrong, the value in single quotes, without a full stop
   * @param hint what to do
   */
  public void error(String part, String summary, String hint) {
    ledger.error(at(part), summary, hint);
  }

  /**
   * Reports what a person should know, and may want.
   *
   * @param part a path within the record; empty for the record itself
   * @param summary what is doubtful, the value in single quotes, without a full stop
   * @param hint what to do
   */
  public void warning(String part, String summary, String hint) {
    ledger.warning(at(part), summary, hint);
  }

  private String at(String part) {
    return part.isEmpty() ? path : path + "." + part;
  }
}
