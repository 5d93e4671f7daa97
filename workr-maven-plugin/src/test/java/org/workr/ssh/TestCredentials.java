package org.workr.ssh;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.workr.connection.Credentials;
import org.workr.value.Hostname;

/** Credentials that remember every copy of a secret that they handed out. */
record TestCredentials(
    @Nullable Path key, @Nullable String passphrase, List<String> passwords, List<char[]> copies)
    implements Credentials {

  static TestCredentials key(Path key) {
    return new TestCredentials(key, null, List.of(), new CopyOnWriteArrayList<>());
  }

  static TestCredentials key(Path key, String passphrase) {
    return new TestCredentials(key, passphrase, List.of(), new CopyOnWriteArrayList<>());
  }

  static TestCredentials withPasswords(String... passwords) {
    return new TestCredentials(null, null, List.of(passwords), new CopyOnWriteArrayList<>());
  }

  @Override
  public Optional<Path> privateKeyFile() {
    return Optional.ofNullable(key);
  }

  @Override
  public Optional<char[]> privateKeyPassphrase() {
    return Optional.ofNullable(passphrase).map(this::copy);
  }

  @Override
  public List<Supplier<char[]>> passwords(Hostname hostname) {
    return passwords.stream().<Supplier<char[]>>map(password -> () -> copy(password)).toList();
  }

  private char[] copy(String secret) {
    char[] copy = secret.toCharArray();
    copies.add(copy);
    return copy;
  }
}
