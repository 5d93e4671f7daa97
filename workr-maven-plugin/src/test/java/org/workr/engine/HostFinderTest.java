package org.workr.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
  void pinsByTheNewAddressOnceTheHostAnswersThere() throws Exception {
    pinnedAt("10.0.0.1");
    answers("10.0.0.2", OWN.fingerprint());
    find("10.0.0.2");
    assertThat(Files.readString(known.file()))
        .isEqualTo("h1,10.0.0.2 ssh-ed25519 " + OWN.blob() + "\n");
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
    Host host = host(address);
    new HostFinder(connector, known, name -> Optional.empty(), Duration.ofSeconds(1)).find(host);
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
    return new Host(
        "c",
        new Hostname("h1"),
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
