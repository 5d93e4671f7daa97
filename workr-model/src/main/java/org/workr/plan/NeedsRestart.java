package org.workr.plan;

/** Whether a change takes full effect only with the next boot. */
public enum NeedsRestart {
  /** It is complete when its steps are done. */
  NO,
  /**
   * It shows only while it is made: then a step of it leaves the note, or the distribution does.
   */
  PERHAPS,
  /** It does. The note is left before it begins. */
  YES;

  /** Where a host notes, until its next boot, which changes wait for one. */
  public static final String NOTE = "/run/workr/restart-needed";

  /** Shell that leaves the note for the change {@code id}. */
  public static String noting(String id) {
    return "mkdir -p -m 0700 /run/workr; echo " + id + " >>" + NOTE;
  }
}
