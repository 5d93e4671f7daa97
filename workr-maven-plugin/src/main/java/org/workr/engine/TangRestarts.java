package org.workr.engine;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.Role;

/**
 * Restarts of Tang servers: one at a time, and none when one has not come back. Their disks may be
 * bound to each other, so two that start at once could wait for each other for ever, and every
 * other host for both.
 */
final class TangRestarts {
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Hostname> lost = Optional.empty();

  /** Restarts a host, and gives the connection to go on with. */
  interface Restart {
    /** Does so. */
    Remote run() throws HostException;
  }

  /**
   * Restarts {@code host}, in turn where it is a Tang server.
   *
   * @param waiting is told when it has to wait for its turn
   */
  Remote inTurn(Host host, Runnable waiting, Restart restart) throws HostException {
    if (!host.roles().contains(Role.TANG)) {
      return restart.run();
    }
    if (!turn.tryLock()) {
      waiting.run();
      turn.lock();
    }
    try {
      if (lost.isPresent()) {
        throw new HostException(
            "it was not restarted, because the Tang server "
                + lost.get()
                + " has not come back from its restart, and hosts may need both. Look after that one,"
                + " and run the goal again.");
      }
      try {
        return restart.run();
      } catch (HostException e) {
        lost = Optional.of(host.hostname());
        throw e;
      }
    } finally {
      turn.unlock();
    }
  }
}
