package org.workr.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.workr.connection.Endpoint;
import org.workr.value.Fingerprint;
import org.workr.value.Hostname;

/**
 * The sshd of this machine on a port of its own on loopback, for the account that runs the test.
 */
final class OpenSshServer implements AutoCloseable {

  private static final Path SSHD = Path.of("/usr/sbin/sshd");

  private final Path directory;
  private final int port;
  private final Process process;

  /**
   * @param directory an empty one of its own
   * @param authorizedKeys the lines of that file
   * @param more further lines of sshd_config
   */
  OpenSshServer(Path directory, List<String> authorizedKeys, String... more) throws Exception {
    if (!Files.isExecutable(SSHD)) {
      throw new IllegalStateException(SSHD + " is missing; run: apt-get install openssh-server");
    }
    this.directory = directory;
    if (System.getProperty("user.name").equals("root")) {
      // Started by root it insists on this directory, which only its service file makes.
      Files.createDirectories(Path.of("/run/sshd"));
    }
    Files.write(directory.resolve("authorized_keys"), authorizedKeys);
    StringBuilder config = new StringBuilder();
    for (String type : List.of("ed25519", "ecdsa", "rsa")) {
      SshKeygen.make(hostKeyFile(type), type);
      config.append("HostKey ").append(hostKeyFile(type)).append('\n');
    }
    // After the keys, which take seconds: until sshd has it, anybody may take it.
    this.port = freePort();
    config
        .append("Port ")
        .append(port)
        .append("\nListenAddress 127.0.0.1\nPidFile none\nUsePAM no\nStrictModes no\n")
        .append("PasswordAuthentication no\nKbdInteractiveAuthentication no\n")
        .append("PermitRootLogin yes\nPrintMotd no\nUseDNS no\nLogLevel VERBOSE\n")
        .append("MaxStartups 100\nAuthorizedKeysFile ")
        .append(directory.resolve("authorized_keys"))
        .append('\n');
    for (String line : more) {
      config.append(line).append('\n');
    }
    Path file = Files.writeString(directory.resolve("sshd_config"), config);
    this.process =
        new ProcessBuilder(SSHD.toString(), "-D", "-e", "-f", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    awaitListening();
  }

  private Path hostKeyFile(String type) {
    return directory.resolve("host_" + type);
  }

  Fingerprint hostKey(String type) {
    return SshKeygen.fingerprint(hostKeyFile(type));
  }

  /** How to reach it, accepting the host keys of these types. */
  Endpoint endpoint(String... types) {
    List<Fingerprint> keys = List.of(types).stream().map(this::hostKey).toList();
    return new Endpoint(
        new Hostname("openssh"), "127.0.0.1", port, System.getProperty("user.name"), keys);
  }

  /** What it wrote so far. */
  String log() throws IOException {
    return Files.readString(directory.resolve("log"));
  }

  private void awaitListening() throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return;
      } catch (IOException e) {
        if (System.nanoTime() > end || process.waitFor(20, TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException("sshd does not start: " + log(), e);
        }
      }
    }
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroy();
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
