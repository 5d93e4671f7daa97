package org.workr.ssh;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.config.keys.AuthorizedKeyEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.keyprovider.FileKeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.keyboard.DefaultKeyboardInteractiveAuthenticator;
import org.apache.sshd.server.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.server.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.workr.connection.Endpoint;
import org.workr.value.Fingerprint;
import org.workr.value.Hostname;

/** An SSH server in this JVM that can be asked what it saw, and that can misbehave. */
final class MinaServer implements AutoCloseable {

  static final String USER = "somebody";

  static {
    // Otherwise its registration of Bouncy Castle would provide what our own code has to.
    System.setProperty("org.apache.sshd.security.provider.BC.enabled", "false");
  }

  private final Path directory;
  private final SshServer server = SshServer.setUpDefaultServer();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger keyExchanges = new AtomicInteger();
  private final List<String> logins = new CopyOnWriteArrayList<>();
  private final List<PublicKey> authorized = new CopyOnWriteArrayList<>();

  /**
   * @param directory an empty one of its own
   * @param hostKeys the types of the keys that it has
   */
  MinaServer(Path directory, String... hostKeys) throws IOException {
    this.directory = Files.createDirectories(directory);
    for (String type : hostKeys) {
      SshKeygen.make(directory.resolve(type), type);
    }
    server.setHost("127.0.0.1");
    server.setKeyPairProvider(
        new FileKeyPairProvider(List.of(hostKeys).stream().map(directory::resolve).toList()));
    server.setPublickeyAuthenticator(
        (user, key, session) -> {
          logins.add("publickey " + user);
          return authorized.stream().anyMatch(known -> KeyUtils.compareKeys(known, key));
        });
    server.setCommandFactory((channel, command) -> new MinaCommand(command));
    CoreModuleProperties.TCP_NODELAY.set(server, true);
    server.addSessionListener(
        new SessionListener() {
          @Override
          public void sessionCreated(Session session) {
            connections.incrementAndGet();
          }

          @Override
          public void sessionEvent(Session session, Event event) {
            if (event == Event.KeyEstablished) {
              keyExchanges.incrementAndGet();
            }
          }
        });
  }

  /** Proves the key whose private half is in {@code file}, and no other. */
  MinaServer hostKey(Path file) {
    server.setKeyPairProvider(new FileKeyPairProvider(file));
    return this;
  }

  /** Lets everybody in who has the private half of {@code file}. */
  MinaServer authorizing(Path file) throws Exception {
    authorized.add(
        AuthorizedKeyEntry.parseAuthorizedKeyEntry(SshKeygen.publicKey(file))
            .resolvePublicKey(null, PublicKeyEntryResolver.IGNORING));
    return this;
  }

  /** Lets everybody in who knows the password, by this method of authentication only. */
  MinaServer password(String password, String method) {
    UserAuthFactory factory =
        method.equals("password")
            ? UserAuthPasswordFactory.INSTANCE
            : UserAuthKeyboardInteractiveFactory.INSTANCE;
    server.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, factory));
    server.setKeyboardInteractiveAuthenticator(DefaultKeyboardInteractiveAuthenticator.INSTANCE);
    server.setPasswordAuthenticator(
        (user, given, session) -> {
          logins.add(method + " " + user);
          return given.equals(password);
        });
    return this;
  }

  MinaServer start() throws IOException {
    server.start();
    return this;
  }

  SshServer settings() {
    return server;
  }

  Fingerprint fingerprint(String type) {
    return SshKeygen.fingerprint(directory.resolve(type));
  }

  /** How to reach it, accepting the host keys of these types. */
  Endpoint endpoint(String... types) {
    List<Fingerprint> keys = List.of(types).stream().map(this::fingerprint).toList();
    return endpoint(keys.toArray(Fingerprint[]::new));
  }

  /** How to reach it, accepting these keys. */
  Endpoint endpoint(Fingerprint... keys) {
    return new Endpoint(new Hostname("mina"), "127.0.0.1", server.getPort(), USER, List.of(keys));
  }

  /** How many TCP connections there were. */
  int connections() {
    return connections.get();
  }

  /** How many of them got as far as keys for encryption, before which nothing else can be sent. */
  int keyExchanges() {
    return keyExchanges.get();
  }

  /** Every attempt to log in, as method and user. */
  List<String> logins() {
    return List.copyOf(logins);
  }

  @Override
  public void close() throws IOException {
    server.stop(true);
  }
}
