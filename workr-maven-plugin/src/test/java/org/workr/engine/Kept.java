package org.workr.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.workr.capability.container.ContainerLock;
import org.workr.secret.Secret;
import org.workr.value.Hostname;
import org.workr.value.SecretName;

/** What a controller keeps, in memory: which changes it was told, in order. */
final class Kept implements Vault, HeaderStore, LockFile {
  private volatile String lock = "";

  /** Each change as a word, a blank and what it is about. */
  final List<String> changes = new CopyOnWriteArrayList<>();

  /** Headers by UUID and id, a character for each byte. */
  final Map<String, String> stored = new ConcurrentHashMap<>();

  /** The array that was given last, which its owner is to wipe. */
  byte[] last = {};

  private final Secrets secrets;
  private Optional<String> trouble = Optional.empty();

  Kept(Secrets secrets) {
    this.secrets = secrets;
  }

  /** Lets every change fail with these words. */
  void failing(String words) {
    trouble = Optional.of(words);
  }

  @Override
  public Optional<Secret> find(SecretName name) {
    return secrets.find(name);
  }

  @Override
  public void makePending(SecretName name) {
    change("make " + name);
  }

  @Override
  public void promote(SecretName name) {
    change("promote " + name);
  }

  @Override
  public void forget(SecretName name) {
    change("forget " + name);
  }

  @Override
  public boolean possible() {
    return true;
  }

  @Override
  public List<Stored> stored(Hostname host) {
    return List.of();
  }

  @Override
  public void store(Hostname host, String uuid, String id, byte[] header) {
    last = header;
    change("store " + host + " " + uuid);
    stored.put(uuid + " " + id, new String(header, ISO_8859_1));
  }

  @Override
  public void destroy(Hostname host, String uuid) {
    change("destroy " + host + " " + uuid);
  }

  @Override
  public void destroyAll(Hostname host) {
    change("destroy all of " + host);
  }

  @Override
  public String text() {
    return lock;
  }

  @Override
  public void keep(Collection<String> lines) {
    change("keep " + String.join(", ", lines));
    lock = ContainerLock.parse(lock).with(lines).text();
  }

  private void change(String what) {
    changes.add(what);
    trouble.ifPresent(
        words -> {
          throw new IllegalStateException(words);
        });
  }
}
