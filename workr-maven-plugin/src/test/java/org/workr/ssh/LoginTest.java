package org.workr.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.core.CoreModuleProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Credentials;

/** Every kind of key and password gets in, and what does not is explained without being told. */
@Timeout(60)
class LoginTest {

  private static final Duration LIMIT = Duration.ofSeconds(50);
  private static final String CANARY = "canary 'x' \"$(y)\\ ü";

  @TempDir Path directory;
  private MinaServer server;

  @BeforeEach
  void make() throws Exception {
    server = new MinaServer(directory.resolve("mina"), "ecdsa");
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private String authentication(Credentials credentials) throws ConnectionException {
    try (SshjConnector connector = new SshjConnector(credentials);
        Connection connection = connector.connect(server.endpoint("ecdsa"), LIMIT)) {
      return connection.authentication();
    }
  }

  private ConnectionException refusal(Credentials credentials) {
    ConnectionException e =
        catchThrowableOfType(ConnectionException.class, () -> authentication(credentials));
    assertThat(e.kind()).isEqualTo(Kind.AUTHENTICATION_FAILED);
    assertThat(e.getMessage()).doesNotContain("canary");
    return e;
  }

  private Path key(String type, String... more) {
    return SshKeygen.make(directory.resolve("id"), type, more);
  }

  private static void assertWiped(TestCredentials credentials) {
    assertThat(credentials.copies()).isNotEmpty();
    for (char[] copy : credentials.copies()) {
      assertThat(copy).as("a copy of a secret").containsOnly('\0');
    }
  }

  @ParameterizedTest
  @CsvSource({"rsa,3072", "ecdsa,256", "ecdsa,384", "ecdsa,521"})
  void acceptsEveryTypeOfKey(String type, String bits) throws Exception {
    Path key = key(type, "-b", bits);
    server.authorizing(key).start();
    assertThat(authentication(TestCredentials.key(key))).isEqualTo("publickey");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RFC4716", "PKCS8", "PEM"})
  void acceptsEveryFormOfKeyFile(String format) throws Exception {
    Path key = key("rsa", "-m", format);
    server.authorizing(key).start();
    assertThat(authentication(TestCredentials.key(key))).isEqualTo("publickey");
  }

  @ParameterizedTest
  @CsvSource({"rsa,RFC4716", "rsa,PKCS8", "rsa,PEM", "ecdsa,RFC4716", "ecdsa,PKCS8", "ecdsa,PEM"})
  void decryptsKeys(String type, String format) throws Exception {
    String passphrase = format.equals("RFC4716") ? CANARY : "canary 'x' \"$(y)\\";
    Path key = key(type, "-m", format, "-N", passphrase);
    server.authorizing(key).start();
    TestCredentials credentials = TestCredentials.key(key, passphrase);
    assertThat(authentication(credentials)).isEqualTo("publickey");
    assertWiped(credentials);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PKCS8", "PEM"})
  void saysWhenAnOldFormTakesAsciiOnly(String format) throws Exception {
    Path key = key("rsa", "-m", format, "-N", CANARY);
    server.authorizing(key).start();
    TestCredentials credentials = TestCredentials.key(key, CANARY);
    if (format.equals("PKCS8") && Runtime.version().feature() >= 25) {
      // Newer JDKs encode the passphrase of this form as ssh-keygen does.
      assertThat(authentication(credentials)).isEqualTo("publickey");
    } else {
      assertThat(refusal(credentials)).hasMessageContaining("ssh-keygen -p -f " + key);
    }
  }

  @Test
  void decryptsAnEd25519Key() throws Exception {
    Path key = key("ed25519", "-N", CANARY);
    Path sshd = Files.createDirectory(directory.resolve("sshd"));
    try (OpenSshServer openSsh = new OpenSshServer(sshd, List.of(SshKeygen.publicKey(key)));
        SshjConnector connector = new SshjConnector(TestCredentials.key(key, CANARY));
        Connection connection = connector.connect(openSsh.endpoint("ed25519"), LIMIT)) {
      assertThat(connection.authentication()).isEqualTo("publickey");
      assertThat(connection.loginKey().map(own -> own.type() + " " + own.blob()))
          .contains(
              String.join(" ", List.of(SshKeygen.publicKey(key).split(" ", -1)).subList(0, 2)));
    }
  }

  @Test
  void readsAndDecryptsTheKeyOnce() throws Exception {
    Path key = key("rsa", "-N", CANARY);
    server.authorizing(key).start();
    TestCredentials credentials = TestCredentials.key(key, CANARY);
    try (SshjConnector connector = new SshjConnector(credentials)) {
      connector.connect(server.endpoint("ecdsa"), LIMIT).close();
      connector.connect(server.endpoint("ecdsa"), LIMIT).close();
    }
    assertThat(credentials.copies()).hasSize(1);
  }

  @Test
  void doesNotBelieveAPublicKeyFileBesideThePrivateOne() throws Exception {
    Path key = key("rsa");
    server.authorizing(key).start();
    Files.writeString(Path.of(key + ".pub"), "ssh-rsa AAAA this is not the other half\n");
    assertThat(authentication(TestCredentials.key(key))).isEqualTo("publickey");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RFC4716", "PKCS8", "PEM"})
  void saysThatThePassphraseIsWrong(String format) throws Exception {
    Path key = key("rsa", "-m", format, "-N", CANARY);
    server.authorizing(key).start();
    TestCredentials credentials = TestCredentials.key(key, "another canary");
    assertThat(refusal(credentials))
        .hasMessageContaining("the passphrase does not decrypt the private key '" + key + "'");
    assertWiped(credentials);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RFC4716", "PKCS8", "PEM"})
  void saysThatAPassphraseIsMissing(String format) throws Exception {
    Path key = key("rsa", "-m", format, "-N", CANARY);
    server.authorizing(key).start();
    assertThat(refusal(TestCredentials.key(key)))
        .hasMessageContaining("'" + key + "' is encrypted and no passphrase for it was given");
  }

  @Test
  void saysWhatIsWrongWithAKeyFile() throws Exception {
    server.start();
    Path missing = directory.resolve("missing");
    assertThat(refusal(TestCredentials.key(missing)))
        .hasMessageContaining("the private key file '" + missing + "' does not exist");
    Path publicKey = Path.of(key("rsa") + ".pub");
    assertThat(refusal(TestCredentials.key(publicKey)))
        .hasMessageContaining("'" + publicKey + "' is not a private key");
    Path broken = Files.writeString(directory.resolve("broken"), brokenKey());
    assertThat(refusal(TestCredentials.key(broken)))
        .hasMessageContaining("the private key '" + broken + "' cannot be read");
    Path empty = Files.createFile(directory.resolve("empty"));
    assertThat(refusal(TestCredentials.key(empty)))
        .hasMessageContaining("'" + empty + "' cannot be read (Empty file)");
  }

  private String brokenKey() throws Exception {
    String whole = Files.readString(directory.resolve("id"));
    return whole.substring(0, 200) + "\n-----END OPENSSH PRIVATE KEY-----\n";
  }

  @Test
  void explainsThatTheKeyIsNotAuthorized() throws Exception {
    Path key = key("rsa");
    server.start();
    assertThat(refusal(TestCredentials.key(key)))
        .hasMessageContaining("did not let in the user 'somebody'")
        .hasMessageContaining("tried: the private key " + key + ".")
        .hasMessageContaining("SSH agent");
  }

  @Test
  void explainsThatThereIsNothingToLogInWith() throws Exception {
    server.start();
    assertThat(refusal(TestCredentials.withPasswords()))
        .hasMessageContaining("tried: nothing, as no key file and no password is known");
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "keyboard-interactive"})
  void usesAPassword(String method) throws Exception {
    server.password(CANARY, method).start();
    TestCredentials credentials = TestCredentials.withPasswords(CANARY);
    assertThat(authentication(credentials)).isEqualTo("password");
    assertWiped(credentials);
  }

  @ParameterizedTest
  @ValueSource(strings = {"password", "keyboard-interactive"})
  void triesThePasswordsInTurnAfterTheKey(String method) throws Exception {
    Path key = key("rsa");
    server.password(CANARY, method).start();
    TestCredentials credentials =
        new TestCredentials(key, null, List.of("canary, an old one", CANARY), new ArrayList<>());
    assertThat(authentication(credentials)).isEqualTo("password");
    assertWiped(credentials);
    assertThat(server.logins())
        .endsWith(method + " somebody", method + " somebody")
        .startsWith("publickey somebody");
  }

  @Test
  void explainsThatNoPasswordWasRight() throws Exception {
    server.password(CANARY, "password").start();
    TestCredentials credentials = TestCredentials.withPasswords("canary 1", "canary 2");
    assertThat(refusal(credentials))
        .hasMessageContaining("tried: 2 passwords.")
        .hasMessageContaining("The server takes: publickey, password.");
    assertWiped(credentials);
  }

  @Test
  void explainsThatTheServerHadEnough() throws Exception {
    CoreModuleProperties.MAX_AUTH_REQUESTS.set(server.settings(), 2);
    server.password(CANARY, "password").start();
    TestCredentials credentials =
        TestCredentials.withPasswords("canary 1", "canary 2", "canary 3", "canary 4");
    assertThat(refusal(credentials)).hasMessageContaining("the server ended the login by password");
    assertWiped(credentials);
  }
}
