package org.workr.capability.accounts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.workr.capability.SampleHost;
import org.workr.facts.Reading;
import org.workr.value.Role;

/** Asked of the machine's own users. */
class AccountTest {
  /** Perl gives root the hash of the password with the rest. */
  @Test
  void saysNothingOfThePassword() throws Exception {
    String user = SampleHost.with(Set.of(Role.WORKER)).user();
    String probe = Account.fact(SampleHost.with(Set.of(Role.WORKER))).probe();
    String said = run(probe.replace('"' + user + '"', "\"root\""));
    assertThat(said).matches("root:x:0:0:[^:]*:/root:[^:]+");
    Reading<?> read = Account.fact(SampleHost.with(Set.of(Role.WORKER))).read(said);
    assertThat(read.toString()).contains("/root");
    assertThat(run(probe.replace('"' + user + '"', "\"nobody-of-this-name\""))).isEqualTo("absent");
  }

  private static String run(String probe) throws Exception {
    Process process = new ProcessBuilder("sh", "-c", probe).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }
}
