package org.workr.plan;

/** What a {@link Change} does to its subject. */
public enum Action {
  /** Makes what was not there. */
  CREATE("+"),
  /** Alters what was there. */
  UPDATE("~"),
  /** Takes away what was there. */
  DELETE("-"),
  /** Finishes what an interrupted run began. */
  RESUME(">");

  private final String sign;

  Action(String sign) {
    this.sign = sign;
  }

  /** One character for the margin of a printed plan. */
  public String sign() {
    return sign;
  }
}
