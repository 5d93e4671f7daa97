package org.workr.engine;

/** A command that succeeds only when the first line of its stdin is the account's password. */
final class PasswordProof {

  /**
   * sudo proves it where it asks for one. Where it does not, su(1) does: it asks everybody but
   * root, also for the account's own password, and reads it from stdin when there is no terminal.
   * Root therefore lets nobody (65534) ask.
   */
  static final String COMMAND =
      "if [ \"$(id -u)\" = 0 ]; then"
          + " setpriv --reuid 65534 --regid 65534 --clear-groups su root -c true;"
          + " elif sudo -n -k true </dev/null >/dev/null 2>&1; then"
          + " su \"$(id -un)\" -c true; else sudo -k -S -p \"\" true; fi";

  private PasswordProof() {}
}
