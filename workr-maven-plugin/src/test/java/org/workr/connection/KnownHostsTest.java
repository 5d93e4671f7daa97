package org.workr.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.InterfaceAddress;
import org.workr.value.InvalidValueException;
import org.workr.value.Ipv4;
import org.workr.value.Role;
import org.workr.value.SshPublicKey;

/** Pinned keys survive everything but their replacement, and ssh itself can use the file. */
class KnownHostsTest {

  private static final SshPublicKey OLD = key(1);
  private static final SshPublicKey NEW = key(2);
  private static final SshPublicKey OTHER = key(3);
  private static final Host WORKR1 = host("workr1", "192.168.64.1/16", 22);
  private static final Host WORKR11 = host("workr11", "192.168.64.11/16", 22);

  @TempDir Path directory;
  private Path file;
  private KnownHosts known;

  @BeforeEach
  void make() {
    file = directory.resolve("known_hosts");
    known = new KnownHosts(file);
  }

  private static SshPublicKey key(int seed) {
    byte[] type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer blob = ByteBuffer.allocate(4 + type.length + 4 + 32);
    blob.putInt(type.length).put(type).putInt(32).put((byte) seed);
    return SshPublicKey.parse(
        "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob.array()) + " root@template");
  }

  private static Host host(String name, String address, int port) {
    return new Host(
        "stats",
        new Hostname(name),
        Set.of(Role.WORKER),
        "ubuntu",
        port,
        Optional.empty(),
        InterfaceAddress.parse(address),
        Optional.empty(),
        List.of(),
        1,
        1);
  }

  /** The lines that ssh would consider for this name. */
  private List<String> foundBySsh(String name) throws Exception {
    Process process =
        new ProcessBuilder("ssh-keygen", "-F", name, "-f", file.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.lines().filter(line -> !line.startsWith("#")).toList();
  }

  @Test
  void knowsNothingWithoutAFile() {
    assertThat(known.confirmed(WORKR1.hostname())).isEmpty();
    assertThat(known.pending(WORKR1.hostname())).isEmpty();
  }

  @Test
  void keepsAPendingKeyUntilItIsConfirmed() throws Exception {
    known.addPending(WORKR1, List.of(OLD));
    assertThat(known.pending(WORKR1.hostname())).containsExactly(OLD.fingerprint());
    assertThat(known.confirmed(WORKR1.hostname())).isEmpty();
    assertThat(Files.readString(file))
        .isEqualTo("workr1,192.168.64.1 ssh-ed25519 " + OLD.blob() + " workr:pending\n");

    known.confirm(WORKR1.hostname());
    assertThat(known.pending(WORKR1.hostname())).isEmpty();
    assertThat(known.confirmed(WORKR1.hostname())).containsExactly(OLD.fingerprint());
    assertThat(Files.readString(file))
        .isEqualTo("workr1,192.168.64.1 ssh-ed25519 " + OLD.blob() + "\n");
  }

  @Test
  void dropsTheOlderKeysOnlyWhenTheNewOneIsConfirmed() {
    known.addPending(WORKR1, List.of(OLD));
    known.confirm(WORKR1.hostname());
    known.addPending(WORKR1, List.of(NEW));
    assertThat(known.confirmed(WORKR1.hostname())).containsExactly(OLD.fingerprint());
    assertThat(known.pending(WORKR1.hostname())).containsExactly(NEW.fingerprint());

    known.confirm(WORKR1.hostname());
    assertThat(known.confirmed(WORKR1.hostname())).containsExactly(NEW.fingerprint());
    assertThat(known.pending(WORKR1.hostname())).isEmpty();
  }

  @Test
  void replacesPendingKeysByOthers() {
    known.addPending(WORKR1, List.of(OLD, OTHER));
    known.addPending(WORKR1, List.of(NEW));
    assertThat(known.pending(WORKR1.hostname())).containsExactly(NEW.fingerprint());
  }

  @Test
  void confirmsNothingWhenNothingIsPending() {
    known.addPending(WORKR1, List.of(OLD));
    known.confirm(WORKR1.hostname());
    known.confirm(WORKR1.hostname());
    assertThat(known.confirmed(WORKR1.hostname())).containsExactly(OLD.fingerprint());
  }

  @Test
  void doesNotMistakeOneHostForAnother() {
    known.addPending(WORKR11, List.of(OLD));
    known.addPending(WORKR1, List.of(NEW));
    known.confirm(WORKR1.hostname());
    assertThat(known.pending(WORKR11.hostname())).containsExactly(OLD.fingerprint());
    assertThat(known.confirmed(WORKR11.hostname())).isEmpty();
  }

  @Test
  void findsAHostByAnyOfTheNamesOnItsLine() throws Exception {
    Files.writeString(file, "192.168.64.1,workr1 ssh-ed25519 " + OLD.blob() + " by hand\n");
    assertThat(known.confirmed(WORKR1.hostname())).containsExactly(OLD.fingerprint());
  }

  @Test
  void namesAHostByItsNewAddressAndKeepsItsOtherNames() throws Exception {
    Files.writeString(
        file,
        "stats,[workr2]:2222,[192.168.64.9]:2222 ssh-ed25519 "
            + OLD.blob()
            + " by hand\n"
            + "workr11,192.168.64.9 ssh-ed25519 "
            + OTHER.blob()
            + "\n");
    Host moved = host("workr2", "192.168.64.2/16", 2222);
    assertThat(known.addresses(moved.hostname())).containsExactly(Ipv4.parse("192.168.64.9"));
    known.readdress(moved);
    assertThat(Files.readString(file))
        .isEqualTo(
            "stats,[workr2]:2222,[192.168.64.2]:2222 ssh-ed25519 "
                + OLD.blob()
                + " by hand\n"
                + "workr11,192.168.64.9 ssh-ed25519 "
                + OTHER.blob()
                + "\n");
  }

  @Test
  void leavesEverythingElseAsItIs() throws Exception {
    String others =
        """
        # the machines of the group

        gateway,192.168.0.1 ssh-ed25519 %s admin@gateway
        |1|c2FsdHNhbHRzYWx0c2FsdHNhbHQ=|aGFzaGhhc2hoYXNoaGFzaGhhc2g= ssh-dss AAAA
        @cert-authority *.example.org ssh-rsa AAAA
        """
            .formatted(OTHER.blob());
    Files.writeString(file, others);
    known.addPending(WORKR1, List.of(OLD));
    known.confirm(WORKR1.hostname());
    assertThat(Files.readString(file))
        .isEqualTo(others + "workr1,192.168.64.1 ssh-ed25519 " + OLD.blob() + "\n");
  }

  @Test
  void writesWhatSshCanRead() throws Exception {
    Host otherPort = host("workr2", "192.168.64.2/16", 2222);
    known.addPending(WORKR1, List.of(OLD, NEW));
    known.addPending(otherPort, List.of(OTHER));

    assertThat(foundBySsh("workr1")).hasSize(2);
    assertThat(foundBySsh("192.168.64.1")).hasSize(2);
    assertThat(foundBySsh("[workr2]:2222")).singleElement().asString().contains(OTHER.blob());
    assertThat(foundBySsh("[192.168.64.2]:2222")).hasSize(1);
    assertThat(foundBySsh("workr2")).isEmpty();
    known.confirm(otherPort.hostname());
    assertThat(foundBySsh("[workr2]:2222")).hasSize(1);
  }

  @Test
  void saysWhichLineHoldsNoKey() throws Exception {
    Files.writeString(file, "# by hand\nworkr1 ssh-ed25519 AAAA\n");
    assertThatThrownBy(() -> known.confirmed(WORKR1.hostname()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("line 2 of " + file);
    Files.writeString(file, "workr1\n");
    assertThatThrownBy(() -> known.confirmed(WORKR1.hostname()))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining("line 1 of " + file);
  }

  @Test
  void pinsManyHostsSideBySide() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(16);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 1; i <= 100; i++) {
        Host host = host("workr" + i, "192.168.1." + i + "/16", 22);
        SshPublicKey key = key(i);
        done.add(
            pool.submit(
                () -> {
                  known.addPending(host, List.of(key));
                  known.confirm(host.hostname());
                }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
    for (int i = 1; i <= 100; i++) {
      assertThat(known.confirmed(new Hostname("workr" + i))).containsExactly(key(i).fingerprint());
    }
    assertThat(Files.readAllLines(file)).hasSize(100);
  }
}
