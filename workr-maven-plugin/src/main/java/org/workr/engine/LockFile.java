package org.workr.engine;

import java.util.Collection;

/** The project's lock of the containers. Safe for use by several threads. */
public interface LockFile {

  /**
   * What it says now; empty when there is none.
   *
   * @throws IllegalStateException in words for a person, when it cannot be read
   */
  String text();

  /**
   * Puts lines into it, in the place of those that say the same things. It is on the disk when this
   * returns.
   *
   * @throws IllegalStateException in words for a person, when it cannot be stored or a line says
   *     nothing that is known; then nothing was
   */
  void keep(Collection<String> lines);
}
