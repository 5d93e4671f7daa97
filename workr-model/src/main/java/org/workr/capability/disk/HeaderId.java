package org.workr.capability.disk;

/**
 * What tells the LUKS headers of one device apart: a passphrase, a binding or a volume key that is
 * replaced makes another one.
 */
public final class HeaderId {
  private HeaderId() {}

  /**
   * A POSIX shell command that prints the id of a header: 16 hexadecimal digits and a line feed. It
   * fails, and prints none, when the metadata cannot be read.
   *
   * @param device a device, or a file with a header; as shell text, quoted where it has to be
   */
  public static String shell(String device) {
    // In braces, so that a failure is that of the whole and not of the first command of a pipe.
    return "{ workr_metadata=$(cryptsetup luksDump --dump-json-metadata "
        + device
        + ") && [ -n \"$workr_metadata\" ]"
        + " && printf %s \"$workr_metadata\" | tr -d ' \\n\\t' | sha256sum | cut -c 1-16; }";
  }
}
