package org.workr.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Endpoint;
import org.workr.value.Fingerprint;

/** Any one key of a server may be pinned, and nothing reaches a server that has none that is. */
@Timeout(60)
class HostKeyTest {

  private static final Duration LIMIT = Duration.ofSeconds(50);
  private static final Fingerprint NOBODYS = new Fingerprint("SHA256:" + "A".repeat(42) + "E");

  @TempDir static Path directory;
  private static Path key;
  private static OpenSshServer openSsh;

  @BeforeAll
  static void start() throws Exception {
    key = SshKeygen.make(directory.resolve("id_ed25519"), "ed25519");
    openSsh =
        new OpenSshServer(
            Files.createDirectory(directory.resolve("sshd")), List.of(SshKeygen.publicKey(key)));
  }

  @AfterAll
  static void stop() {
    openSsh.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ed25519", "ecdsa", "rsa"})
  void acceptsAServerByAnyOfItsKeys(String type) throws Exception {
    Endpoint endpoint = openSsh.endpoint(type);
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key));
        Connection connection = connector.connect(endpoint, LIMIT)) {
      assertThat(connection.hostKey()).isEqualTo(openSsh.hostKey(type));
    }
  }

  @Test
  void remembersWhatTypeAKeyHas() throws Exception {
    Endpoint endpoint = openSsh.endpoint("rsa");
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key))) {
      connector.connect(endpoint, LIMIT).close();
      int before = connections(openSsh);
      connector.connect(endpoint, LIMIT).close();
      assertThat(connections(openSsh) - before).isEqualTo(1);
    }
  }

  private static int connections(OpenSshServer server) throws Exception {
    return (int) Pattern.compile("(?m)^Connection from ").matcher(server.log()).results().count();
  }

  @ParameterizedTest
  @ValueSource(strings = {"256", "384", "521"})
  void acceptsEveryCurve(String bits) throws Exception {
    Path own = Files.createDirectory(directory.resolve("ecdsa" + bits));
    Path hostKey = SshKeygen.make(own.resolve("host"), "ecdsa", "-b", bits);
    try (MinaServer server =
            new MinaServer(own.resolve("mina")).hostKey(hostKey).authorizing(rsaKey(own)).start();
        SshjConnector connector = new SshjConnector(TestCredentials.key(own.resolve("id_rsa")))) {
      Endpoint endpoint = server.endpoint(SshKeygen.fingerprint(hostKey));
      connector.connect(endpoint, LIMIT).close();
    }
  }

  private static Path rsaKey(Path own) {
    return SshKeygen.make(own.resolve("id_rsa"), "rsa");
  }

  @Test
  void sendsNothingToAServerWithOtherKeys() throws Exception {
    Path own = Files.createDirectory(directory.resolve("wrong"));
    TestCredentials credentials =
        new TestCredentials(rsaKey(own), null, List.of("canary"), new ArrayList<>());
    try (MinaServer server =
            new MinaServer(own.resolve("mina"), "rsa", "ecdsa")
                .authorizing(own.resolve("id_rsa"))
                .password("canary", "password")
                .start();
        SshjConnector connector = new SshjConnector(credentials)) {
      Endpoint endpoint = server.endpoint(NOBODYS);

      ConnectionException e =
          catchThrowableOfType(ConnectionException.class, () -> connector.connect(endpoint, LIMIT));

      assertThat(e.kind()).isEqualTo(Kind.HOST_KEY_REJECTED);
      assertThat(e)
          .hasMessageStartingWith(
              "mina (somebody@127.0.0.1 port "
                  + endpoint.port()
                  + "): the server proved the host key "
                  + server.fingerprint("ecdsa")
                  + " (ecdsa-sha2-nistp256) and "
                  + server.fingerprint("rsa")
                  + " (ssh-rsa), but the known one is "
                  + NOBODYS);
      assertThat(server.connections()).as("once for each type that it has").isEqualTo(2);
      assertThat(server.keyExchanges()).as("encrypted connections").isZero();
      assertThat(server.logins()).isEmpty();
      assertThat(credentials.copies()).as("copies made of secrets").isEmpty();
    }
  }

  @Test
  void showsTheKeyOfAServerOfWhichNoneIsKnown() throws Exception {
    Endpoint endpoint = openSsh.endpoint();
    try (SshjConnector connector = new SshjConnector(TestCredentials.key(key))) {
      ConnectionException e =
          catchThrowableOfType(ConnectionException.class, () -> connector.connect(endpoint, LIMIT));
      assertThat(e.kind()).isEqualTo(Kind.HOST_KEY_REJECTED);
      assertThat(e)
          .hasMessageContaining(openSsh.hostKey("ed25519") + " (ssh-ed25519)")
          .hasMessageContaining("no key is known for it");
    }
  }

  @Test
  void needsNoSecurityProviderOfBouncyCastle() {
    assertThat(Security.getProvider("BC")).isNull();
  }
}
