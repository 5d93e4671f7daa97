package org.workr.maven;

import java.util.List;
import java.util.Optional;
import org.workr.engine.HeaderStore;
import org.workr.engine.Vault;
import org.workr.secret.ClusterSecrets;
import org.workr.secret.Secret;
import org.workr.value.Hostname;
import org.workr.value.SecretName;

/** What a goal is given that replaces no secrets: every change of what is kept fails. */
final class NothingKept {
  private NothingKept() {}

  /** The secrets of a run, which stay as they are. */
  static Vault vault(ClusterSecrets secrets) {
    return new Vault() {
      @Override
      public Optional<Secret> find(SecretName name) {
        return secrets.find(name);
      }

      @Override
      public void makePending(SecretName name) {
        throw unkept("the secret " + name);
      }

      @Override
      public void promote(SecretName name) {
        throw unkept("the secret " + name);
      }

      @Override
      public void forget(SecretName name) {
        throw unkept("the secret " + name);
      }
    };
  }

  /** No copies of headers. */
  static HeaderStore headers() {
    return new HeaderStore() {
      @Override
      public List<Stored> stored(Hostname host) {
        return List.of();
      }

      @Override
      public void store(Hostname host, String uuid, String id, byte[] header) {
        throw unkept("the LUKS header " + uuid);
      }

      @Override
      public void destroy(Hostname host, String uuid) {
        throw unkept("the LUKS header " + uuid);
      }
    };
  }

  private static IllegalStateException unkept(String what) {
    return new IllegalStateException(
        what + " cannot be stored: this version of workr replaces none. Nothing was changed.");
  }
}
