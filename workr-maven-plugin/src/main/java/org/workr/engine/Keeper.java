package org.workr.engine;

import java.util.List;
import org.workr.plan.Step;
import org.workr.value.Hostname;

/**
 * Does the steps that change what the controller keeps: secrets, copies of LUKS headers, and the
 * lock of the containers.
 */
final class Keeper {
  private final Vault vault;
  private final HeaderStore headers;
  private final LockFile containers;
  private final HostLock lock;
  private final HeaderReader reader;

  Keeper(Stores stores, HostLock lock) {
    this.vault = stores.vault();
    this.headers = stores.headers();
    this.containers = stores.lock();
    this.lock = lock;
    reader = new HeaderReader(lock);
  }

  /**
   * Does {@code step}, when it is one of these.
   *
   * @return whether it was
   */
  boolean does(Remote remote, Step.OnController step) throws HostException {
    if (step instanceof Step.StoreHeader store) {
      store(remote, store.uuid());
      return true;
    }
    if (step instanceof Step.KeepInLock keep) {
      keepInLock(remote, keep);
      return true;
    }
    try {
      return changes(remote.host().hostname(), step);
    } catch (IllegalStateException e) {
      throw told(e);
    }
  }

  private boolean changes(Hostname host, Step.OnController step) {
    if (step instanceof Step.MakeSecret make) {
      vault.makePending(make.secret());
    } else if (step instanceof Step.PromoteSecret promote) {
      vault.promote(promote.secret());
    } else if (step instanceof Step.ForgetSecret forget) {
      vault.forget(forget.secret());
    } else if (step instanceof Step.DestroyHeaders destroy) {
      headers.destroy(host, destroy.uuid());
    } else {
      return false;
    }
    return true;
  }

  private void store(Remote remote, String uuid) throws HostException {
    Hostname host = remote.host().hostname();
    reader.read(
        remote,
        uuid,
        (id, header) -> {
          try {
            headers.store(host, uuid, id, header);
          } catch (IllegalStateException e) {
            throw told(e);
          }
        });
  }

  private void keepInLock(Remote remote, Step.KeepInLock step) throws HostException {
    List<String> lines = lock.said(remote, step.probe());
    if (lines.isEmpty()) {
      throw new HostException("it said nothing of " + step.what());
    }
    try {
      containers.keep(lines);
    } catch (IllegalStateException e) {
      throw told(e);
    }
  }

  /** All say it in words for a person. */
  private static HostException told(IllegalStateException e) {
    return new HostException(String.valueOf(e.getMessage()));
  }
}
