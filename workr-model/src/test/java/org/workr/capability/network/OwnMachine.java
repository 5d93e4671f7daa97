package org.workr.capability.network;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.workr.facts.Fact;
import org.workr.facts.Reading;

/**
 * A machine for a shell text that looks at one: a network, an /etc, a /run, a /boot and a /var/lib
 * of its own, empty at first, in namespaces that end with the text. Nothing of it is on the machine
 * that runs the test. Where the kernel does not allow that, the test is skipped.
 *
 * <p>What the text before a probe may use: {@code nic NAME} adds an Ethernet interface which is up,
 * with another one, {@code NAME-peer}, at the other end of its cable; {@code stand_in NAME} reads a
 * program from stdin; {@code own_lib} makes /usr/lib one that can be written.
 */
final class OwnMachine {
  private static final List<String> OWN =
      List.of("unshare", "--map-root-user", "--net", "--mount", "sh", "-ec");
  private static final String EMPTY =
      """
      mount -t sysfs none /sys
      for folder in /etc /run /boot /var/lib; do mount -t tmpfs none "$folder"; done
      mkdir /run/bin
      PATH=/run/bin:$PATH
      export PATH LC_ALL=C
      ip link set lo up
      nic() { ip link add "$1" type veth peer name "$1-peer"; ip link set "$1" up; ip link set "$1-peer" up; }
      stand_in() { { echo '#!/bin/sh'; cat; } >"/run/bin/$1"; chmod 755 "/run/bin/$1"; }
      own_lib() {
        mkdir /run/upper /run/work
        mount -t overlay overlay -o lowerdir=/usr/lib,upperdir=/run/upper,workdir=/run/work /usr/lib
        mkdir -p /usr/lib/netplan /lib/modules
      }
      """;

  private static final boolean POSSIBLE = possible();

  /**
   * What a run came to.
   *
   * @param status exit status
   * @param output stdout
   */
  record Result(int status, String output) {}

  private OwnMachine() {}

  private static boolean possible() {
    try {
      return start(EMPTY).status() == 0;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  /** Skips the test where {@code own_lib} does not work. */
  static void needOwnLib() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        start(EMPTY + "own_lib; [ /lib/modules -ef /usr/lib/modules ]").status() == 0);
  }

  /** Runs {@code before} and then {@code text}, as a script of its own, as probes are. */
  static Result run(String before, String text) throws IOException, InterruptedException {
    Assumptions.assumeTrue(POSSIBLE, "namespaces cannot be made here");
    return start(EMPTY + before + "\nset +e\nhash -r\n(\n" + text + "\n) </dev/null\n");
  }

  /** What {@code fact} is on the machine that {@code before} makes. */
  static <T> Reading<T> read(String before, Fact<T> fact) throws IOException, InterruptedException {
    Result result = run(before, fact.probe());
    return result.status() == 0
        ? fact.read(result.output())
        : new Reading.Unknown<>("status " + result.status());
  }

  private static Result start(String script) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(OWN));
    builder.command().add(script);
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), output.stripTrailing());
  }
}
