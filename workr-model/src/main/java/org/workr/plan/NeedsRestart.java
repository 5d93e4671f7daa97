package org.workr.plan;

/** What a change has to do with the next boot: whether it takes full effect only with it. */
public enum NeedsRestart {
  /** It is complete when its steps are done. */
  NO,
  /**
   * It shows only while it is made: then a step of it leaves the note, or the distribution does.
   */
  PERHAPS,
  /** It does. The note is left before it begins. */
  YES,
  /** It comes after one, which is for it. */
  AFTER;

  /** Where a host notes, until its next boot, which changes wait for one. */
  public static final String NOTE = "/run/workr/restart-needed";

  /** What the distribution wanted a restart for before the host was changed. */
  private static final String BEFORE = "/run/workr/restart-before";

  /** Shell that prints what the distribution wants a restart for. */
  private static final String WANTED =
      "{ cat /run/reboot-required /run/reboot-required.pkgs 2>/dev/null || :; }";

  /**
   * Shell condition: a change of workr's waits for a restart. That is what it has noted, or what
   * the distribution has begun to want since such a change began.
   */
  public static final String IS_PENDING =
      "[ -s "
          + NOTE
          + " ] || { [ -e "
          + BEFORE
          + " ] && ! "
          + WANTED
          + " | cmp -s - "
          + BEFORE
          + "; }";

  /** Shell that remembers what the distribution wants a restart for, until {@link #FORGET}. */
  public static String remembering() {
    return "mkdir -p -m 0700 /run/workr; [ -e " + BEFORE + " ] || " + WANTED + " >" + BEFORE;
  }

  /** Shell for when no restart was needed. */
  public static final String FORGET = "rm -f " + BEFORE;

  /** Shell that leaves the note for the change {@code id}. */
  public static String noting(String id) {
    return "mkdir -p -m 0700 /run/workr; echo " + id + " >>" + NOTE;
  }
}
