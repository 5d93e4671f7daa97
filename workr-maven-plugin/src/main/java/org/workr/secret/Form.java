package org.workr.secret;

import java.util.Arrays;

/**
 * What a secret is made of.
 *
 * @param lines whether it has a control character, so that it is not one line of text
 * @param typeable whether it has printable ASCII characters only
 * @param blankEnds whether it begins or ends with a blank
 * @param length in characters
 */
record Form(boolean lines, boolean typeable, boolean blankEnds, int length) {

  static Form of(Secret secret) {
    char[] chars = secret.copy();
    boolean lines = false;
    boolean typeable = true;
    for (char c : chars) {
      lines |= Character.isISOControl(c);
      typeable &= c >= ' ' && c <= '~';
    }
    boolean blankEnds =
        chars.length > 0
            && (Character.isWhitespace(chars[0])
                || Character.isWhitespace(chars[chars.length - 1]));
    int length = chars.length;
    Arrays.fill(chars, '\0');
    return new Form(lines, typeable, blankEnds, length);
  }

  /** Not even the length. */
  @Override
  public String toString() {
    return "form of a secret";
  }
}
