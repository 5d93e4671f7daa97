package org.workr.ssh;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.KeyType;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.keyprovider.KeyProvider;
import net.schmizz.sshj.userauth.method.AuthMethod;
import net.schmizz.sshj.userauth.method.AuthPublickey;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Credentials;
import org.workr.connection.Endpoint;
import org.workr.ssh.LoginKey.UnusableKeyException;
import org.workr.value.SshPublicKey;

/** Logs in to a server that has proved its host key: the private key first, then the passwords. */
final class Login {

  private final Credentials credentials;
  private final LoginKey key;

  Login(Credentials credentials, LoginKey key) {
    this.credentials = credentials;
    this.key = key;
  }

  /**
   * How the server let the account in.
   *
   * @param method {@code publickey} or {@code password}
   * @param key the public half of the key, when it was one
   */
  record Way(String method, Optional<SshPublicKey> key) {}

  /**
   * Logs in, with the key first.
   *
   * @throws ConnectionException when nothing was accepted
   * @throws TransportException when the connection broke
   */
  Way logIn(Wire wire) throws ConnectionException, TransportException {
    Endpoint endpoint = wire.endpoint();
    List<String> tried = new ArrayList<>();
    Optional<Path> file = credentials.privateKeyFile();
    if (file.isPresent()) {
      try {
        KeyProvider provider = key.read(file.get());
        if (accepts(wire, new AuthPublickey(provider))) {
          return new Way("publickey", Optional.of(publicHalf(provider)));
        }
        tried.add("the private key " + file.get());
      } catch (UnusableKeyException e) {
        tried.add("nothing with a key, as " + e.getMessage());
      }
    }
    int number = 0;
    for (Supplier<char[]> password : credentials.passwords(endpoint.hostname())) {
      if (acceptsPassword(wire, password)) {
        return new Way("password", Optional.empty());
      }
      number++;
    }
    if (number > 0) {
      tried.add(number == 1 ? "a password" : number + " passwords");
    }
    throw failed(endpoint, tried, wire.client().getUserAuth().getAllowedMethods());
  }

  private static SshPublicKey publicHalf(KeyProvider provider) throws TransportException {
    try {
      PublicKey half = provider.getPublic();
      byte[] blob = new Buffer.PlainBuffer().putPublicKey(half).getCompactData();
      return SshPublicKey.parse(
          KeyType.fromKey(half) + " " + Base64.getEncoder().encodeToString(blob));
    } catch (IOException e) {
      throw new TransportException(e);
    }
  }

  private boolean acceptsPassword(Wire wire, Supplier<char[]> password)
      throws ConnectionException, TransportException {
    try (PasswordLogin login = new PasswordLogin(password.get())) {
      if (accepts(wire, login.asPassword())) {
        return true;
      }
      Collection<String> allowed = wire.client().getUserAuth().getAllowedMethods();
      return !allowed.contains("password")
          && allowed.contains("keyboard-interactive")
          && accepts(wire, login.asKeyboardInteractive());
    }
  }

  private static boolean accepts(Wire wire, AuthMethod method)
      throws ConnectionException, TransportException {
    try {
      wire.client().auth(wire.endpoint().user(), method);
      return true;
    } catch (UserAuthException e) {
      if (!wire.isBroken()) {
        return false;
      }
      if (!wire.wasDisconnected()) {
        throw new TransportException(e);
      }
      throw new ConnectionException(
          Kind.AUTHENTICATION_FAILED,
          wire.endpoint(),
          "the server ended the login by " + method.getName() + ": " + wire.whyBroken(),
          "Give fewer passwords for this host, or raise MaxAuthTries in its sshd_config.",
          e);
    }
  }

  private static ConnectionException failed(
      Endpoint endpoint, List<String> tried, Collection<String> allowed) {
    String what =
        tried.isEmpty()
            ? "nothing, as no key file and no password is known"
            : String.join(" and ", tried);
    return new ConnectionException(
        Kind.AUTHENTICATION_FAILED,
        endpoint,
        "the server did not let in the user '" + endpoint.user() + "'; tried: " + what,
        (allowed.isEmpty() ? "" : "The server takes: " + String.join(", ", allowed) + ". ")
            + "Put the public key into that account's ~/.ssh/authorized_keys, or give its present"
            + " password, the secret CLUSTER.HOST.login.current. Keys that are only in an SSH agent cannot be used: name the key's file.",
        null);
  }
}
