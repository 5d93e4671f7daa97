package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.connection.Connection;
import org.workr.connection.ConnectionException;
import org.workr.connection.ConnectionException.Kind;
import org.workr.connection.Connector;
import org.workr.connection.Endpoint;
import org.workr.connection.FakeHost;
import org.workr.connection.KnownHosts;
import org.workr.connection.LocalShell;
import org.workr.connection.RecordingConnector;
import org.workr.value.Fingerprint;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.Ipv4;
import org.workr.value.Role;
import org.workr.value.SshPublicKey;

/** Where a host is looked for, and by which keys it is known. */
class HostFinderTest {
  private static final Fingerprint TEMPLATE = new Fingerprint("SHA256:" + "T".repeat(43));
  private static final SshPublicKey OWN =
      SshPublicKey.parse(
          "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILsk1UwzbKedxn+qassB4ShQDoDGEYs4q1Qi6DpmiVW9");
  private static final String BOOTSTRAP = "10.0.0.101";

  @TempDir Path folder;
  private KnownHosts known;
  private final RecordingConnector connector = new RecordingConnector();

  @BeforeEach
  void make() {
    known = new KnownHosts(folder.resolve("known_hosts"));
  }

  @Test
  void looksForACloneAtItsBootstrapAddressFirst() throws Exception {
    answers(BOOTSTRAP, TEMPLATE);
    find("10.0.0.1");
    assertThat(tried()).containsExactly(BOOTSTRAP);
  }

  @Test
  void looksForAProvisionedHostAtItsAddressFirst() throws Exception {
    pinnedAt("10.0.0.1");
    answers("10.0.0.1", OWN.fingerprint());
    find("10.0.0.1");
    assertThat(tried()).containsExactly("10.0.0.1");
  }

  @Test
  void findsAHostWhoseDeclaredAddressIsNewWhereItsKeysWerePinned() throws Exception {
    pinnedAt("10.0.0.1");
    answers("10.0.0.1", OWN.fingerprint());
    find("10.0.0.2");
    assertThat(tried()).containsExactly("10.0.0.2", "10.0.0.1");
    assertThat(known.addresses(new Hostname("h1"))).containsExactly(Ipv4.parse("10.0.0.1"));
  }

  @Test
  void doesNotForgetWhereAHostWasAsSoonAsItAnswersElsewhere() throws Exception {
    pinnedAt("10.0.0.1");
    answers("10.0.0.2", OWN.fingerprint());
    find("10.0.0.2");
    assertThat(known.addresses(new Hostname("h1")))
        .containsExactly(Ipv4.parse("10.0.0.1"), Ipv4.parse("10.0.0.2"));
  }

  @Test
  void findsAHostAgainWhereItWasAndNotAnotherCloneAtItsBootstrapAddress() throws Exception {
    answers("10.0.0.1", TEMPLATE);
    Remote left = finder().find(host("10.0.0.1"), Duration.ZERO);
    answers(BOOTSTRAP, TEMPLATE);
    assertThat(finder().again(left, Duration.ZERO).address()).isEqualTo("10.0.0.1");
  }

  @Test
  void afterNewHostKeysTheTemplatesCountsNoMore() throws Exception {
    answers(BOOTSTRAP, TEMPLATE);
    Remote left = finder().find(host("10.0.0.1"), Duration.ZERO);
    known.addPending(host("10.0.0.1"), List.of(OWN));
    assertThatThrownBy(() -> finder().withNewKeys(left, Duration.ZERO))
        .isInstanceOf(HostException.class)
        .hasMessageNotContaining("If you");
    answers(BOOTSTRAP, OWN.fingerprint());
    assertThat(finder().withNewKeys(left, Duration.ZERO).proven()).isTrue();
    assertThat(known.confirmed(new Hostname("h1"))).containsExactly(OWN.fingerprint());
  }

  @Test
  void doesNotKnockAgainWhereNobodyIsLetIn() {
    connector.failing(BOOTSTRAP, Kind.AUTHENTICATION_FAILED);
    assertThatThrownBy(() -> finder().find(host("10.0.0.1"), Duration.ofHours(1)))
        .isInstanceOf(HostException.class);
    assertThat(tried()).containsExactly(BOOTSTRAP, "10.0.0.1");
  }

  @Test
  void waitsForAHostWhoseInitramfsHasItsAddress() {
    connector.failing(BOOTSTRAP, Kind.HOST_KEY_REJECTED);
    connector.failing("10.0.0.1", Kind.HOST_KEY_REJECTED);
    assertThatThrownBy(() -> finder().find(host("10.0.0.1"), Duration.ofMillis(3500)))
        .isInstanceOf(HostException.class);
    assertThat(tried()).hasSizeGreaterThan(2);
  }

  /** Whoever shows no sign at the end may have shown one before: he is there. */
  @Test
  void doesNotForgetASign() {
    assertThat(searched(0).isSilence()).isTrue();
    assertThat(searched(1).isSilence()).isFalse();
  }

  /** What comes of a search for a host that refuses some times, and is silent then. */
  private HostException searched(int refusals) {
    AtomicInteger left = new AtomicInteger(refusals);
    Connector fading =
        new Connector() {
          @Override
          public Connection connect(Endpoint endpoint, Duration limit) throws ConnectionException {
            throw left.getAndDecrement() > 0
                ? new ConnectionException(Kind.UNREACHABLE, endpoint, "refused", "Wait.", null)
                : ConnectionException.silence(
                    Kind.TIMED_OUT, endpoint, "nothing", "Wait.", new IOException());
          }

          @Override
          public void close() {}
        };
    HostFinder finder =
        new HostFinder(fading, known, name -> Optional.empty(), Duration.ofSeconds(1), true);
    return catchThrowableOfType(
        HostException.class, () -> finder.find(host("10.0.0.1"), Duration.ofMillis(2500)));
  }

  @Test
  void acceptsNoKeyThatWasRevoked() throws Exception {
    pinnedAt("10.0.0.1");
    String line = "@revoked * " + OWN.type() + " " + OWN.blob() + "\n";
    Files.writeString(known.file(), line, StandardOpenOption.APPEND);
    answers("10.0.0.1", OWN.fingerprint());
    assertThatThrownBy(() -> find("10.0.0.1")).isInstanceOf(HostException.class);
  }

  @Test
  void saysWhatToDoWhenAHostWasGivenAnotherName() {
    known.addPending(named("h0", "10.0.0.1"), List.of(OWN));
    known.confirm(new Hostname("h0"));
    answers("10.0.0.1", OWN.fingerprint());
    assertThatThrownBy(() -> find("10.0.0.1"))
        .hasMessageContaining("If you gave 'h0' the name 'h1', write that in its place in");
  }

  @Test
  void doesNotTakeAnotherMachineAtTheOldAddressForTheHost() {
    pinnedAt("10.0.0.1");
    answers("10.0.0.1", TEMPLATE);
    assertThatThrownBy(() -> find("10.0.0.2")).isInstanceOf(HostException.class);
    assertThat(tried()).containsExactly("10.0.0.2", "10.0.0.1", BOOTSTRAP);
    assertThat(connector.events()).allMatch(RecordingConnector.Connecting.class::isInstance);
  }

  @Test
  void saysWhatToDoWhenAMachineWasMadeAnew() {
    pinnedAt("10.0.0.1");
    answers(BOOTSTRAP, TEMPLATE);
    assertThatThrownBy(() -> find("10.0.0.1"))
        .hasMessageContaining("made this machine anew")
        .hasMessageContaining("remove the lines of 'h1' from " + known.file());
  }

  private void find(String address) throws HostException {
    finder().find(host(address), Duration.ZERO);
  }

  private HostFinder finder() {
    return new HostFinder(connector, known, name -> Optional.empty(), Duration.ofSeconds(1), true);
  }

  private void answers(String address, Fingerprint key) {
    LocalShell shell = new LocalShell();
    connector.host(address, new FakeHost(key, shell));
  }

  private void pinnedAt(String address) {
    known.addPending(host(address), List.of(OWN));
    known.confirm(new Hostname("h1"));
  }

  private List<String> tried() {
    return connector.events().stream().map(event -> event.endpoint().address()).toList();
  }

  private static Host host(String address) {
    return named("h1", address);
  }

  private static Host named(String name, String address) {
    return new Host(
        "c",
        new Hostname(name),
        Set.of(Role.WORKER),
        "u",
        22,
        Optional.of(Ipv4.parse(BOOTSTRAP)),
        InterfaceAddress.parse(address + "/24"),
        Optional.empty(),
        List.of(TEMPLATE),
        1,
        1);
  }
}
