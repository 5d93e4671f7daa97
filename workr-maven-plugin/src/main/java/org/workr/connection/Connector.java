package org.workr.connection;

import java.time.Duration;

/**
 * Opens connections. Safe for use by many threads at once; closing it closes every connection that
 * it opened.
 */
public interface Connector extends AutoCloseable {

  /**
   * Connects, has the server prove one of the accepted host keys, then logs in, in this order.
   *
   * @param limit the time for all of it together
   * @throws ConnectionException when that fails or the time is up; nothing stays open
   */
  Connection connect(Endpoint endpoint, Duration limit) throws ConnectionException;

  /** Closes every connection; an exec that still runs ends with {@code LOST}. */
  @Override
  void close();
}
