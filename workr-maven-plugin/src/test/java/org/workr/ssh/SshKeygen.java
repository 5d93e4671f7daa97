package org.workr.ssh;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.workr.value.Fingerprint;

/** Keys made by the {@code ssh-keygen} of this machine. */
final class SshKeygen {

  private SshKeygen() {}

  /** A new private key without a passphrase in {@code file}, its public key in {@code file.pub}. */
  static Path make(Path file, String type, String... more) {
    List<String> command = new ArrayList<>(List.of("ssh-keygen", "-q", "-t", type, "-f"));
    command.add(file.toString());
    command.addAll(List.of(more));
    if (type.equals("rsa") && !command.contains("-b")) {
      command.addAll(List.of("-b", "2048")); // quickly made
    }
    if (!command.contains("-N")) {
      command.addAll(List.of("-N", ""));
    }
    run(command);
    return file;
  }

  /** The fingerprint of the key whose private half is in {@code file}. */
  static Fingerprint fingerprint(Path file) {
    String listed = run(List.of("ssh-keygen", "-lf", file + ".pub"));
    int start = listed.indexOf(' ') + 1;
    return new Fingerprint(listed.substring(start, listed.indexOf(' ', start)));
  }

  /** The line for authorized_keys. */
  static String publicKey(Path file) {
    try {
      return Files.readString(Path.of(file + ".pub"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String run(List<String> command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
      return output;
    } catch (IOException e) {
      throw new IllegalStateException(
          "ssh-keygen is missing; run: apt-get install openssh-client", e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
