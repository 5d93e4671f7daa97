package org.workr.engine;

import org.workr.plan.Step;
import org.workr.value.Hostname;

/** Does the steps that change what the controller keeps: secrets, and copies of LUKS headers. */
final class Keeper {
  private final Vault vault;
  private final HeaderStore headers;
  private final HeaderReader reader;

  Keeper(Vault vault, HeaderStore headers, HostLock lock) {
    this.vault = vault;
    this.headers = headers;
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

  /** Both say it in words for a person. */
  private static HostException told(IllegalStateException e) {
    return new HostException(String.valueOf(e.getMessage()));
  }
}
