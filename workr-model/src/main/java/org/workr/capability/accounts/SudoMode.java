package org.workr.capability.accounts;

/** Whether sudo asks for the password. */
public enum SudoMode {
  /** It asks for the login password. */
  PASSWORD,
  /** It asks for nothing. */
  PASSWORDLESS
}
