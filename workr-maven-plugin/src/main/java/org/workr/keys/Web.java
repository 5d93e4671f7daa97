package org.workr.keys;

import java.io.IOException;
import java.net.URI;

/** Asks a web address. */
@FunctionalInterface
interface Web {

  /**
   * What {@code address} answers.
   *
   * @param plain whether a connection that is not encrypted will do, because what it brings is
   *     checked otherwise
   * @throws IOException when there is no answer; the message says why, and stands behind a colon
   */
  byte[] get(URI address, boolean plain) throws IOException;
}
