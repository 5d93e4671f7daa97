package org.workr.capability.disk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.workr.value.HttpUrl;
import org.workr.value.Thumbprint;

class PolicyTextTest {
  private static final String PRINT = "n3G0NgfBVwT7C5pOt77qENn4-4XMzx3TrNmzImJoGPQ";
  private static final String OTHER = "ea1CYjR4CEmK1Op_WOdlxW4kLwRMorYoL0awwU1oDgE";

  private static final String NESTED =
      "{\"pins\":{\"sss\":[{\"pins\":{\"tang\":[{\"thp\":\"%s\",\"url\":\"http://b\"}]},\"t\":1}],"
          + "\"tang\":[{\"thp\":\"%s\",\"url\":\"http://a\"}],"
          + "\"tpm2\":[{\"pcr_bank\":\"sha256\",\"pcr_ids\":\"0,7\"}]},\"t\":2}";

  /** The first server is pinned by the pom; the second one by what it has shown. */
  @Test
  void hasTheThumbprintsOfTheServersInTheirOrder() {
    Pin.Tang a = tang("http://a", Optional.of(OTHER));
    Pin.Tang b = tang("http://b", Optional.empty());
    Pin.Sss policy =
        new Pin.Sss(
            2, List.of(new Pin.Sss(1, List.of(b)), new Pin.Tpm2(PcrBank.SHA256, List.of(0, 7)), a));
    assertThat(
            PolicyText.of(policy.with(List.of(tang("http://b", Optional.of(PRINT)), a).iterator())))
        .isEqualTo(NESTED.formatted(PRINT, OTHER));
  }

  @Test
  void readsBackAsWhatItWasMadeOf() {
    String text = NESTED.formatted(PRINT, OTHER);
    Pin.Sss policy = ClevisPolicy.parse(text).sss();
    assertThat(PolicyText.of(policy)).isEqualTo(text);
  }

  /** Else the initramfs of Clevis would have no network. */
  @Test
  void ofSeveralSssTheOneWithServersIsTheLast() {
    String chips = "{\"pins\":{\"tpm2\":[{\"pcr_bank\":\"sha256\",\"pcr_ids\":\"7\"}]},\"t\":1}";
    String servers =
        "{\"pins\":{\"tang\":[{\"thp\":\"" + PRINT + "\",\"url\":\"http://a\"}]},\"t\":1}";
    String policy = "{\"pins\":{\"sss\":[%s,%s]},\"t\":2}";
    for (String written :
        List.of(policy.formatted(servers, chips), policy.formatted(chips, servers))) {
      assertThat(PolicyText.of(ClevisPolicy.parse(written).sss()))
          .isEqualTo(policy.formatted(chips, servers));
    }
  }

  /** Clevis notes no bank then. */
  @Test
  void aChipWithoutRegistersIsTheSameInAnyBank() {
    BoundPolicy bound = new BoundPolicy.Tpm2("", List.of());
    assertThat(bound.is(new Pin.Tpm2(PcrBank.SHA1, List.of()))).isTrue();
    assertThat(bound.is(new Pin.Tpm2(PcrBank.SHA256, List.of()))).isTrue();
    assertThat(bound.is(new Pin.Tpm2(PcrBank.SHA256, List.of(7)))).isFalse();
    BoundPolicy registers = new BoundPolicy.Tpm2("sha256", List.of(0, 7));
    assertThat(registers.is(new Pin.Tpm2(PcrBank.SHA256, List.of(7, 0)))).isTrue();
    assertThat(registers.is(new Pin.Tpm2(PcrBank.SHA1, List.of(0, 7)))).isFalse();
  }

  /** As far as it goes without a server. */
  @Test
  void clevisTakesIt() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/clevis")), "no clevis");
    String text =
        PolicyText.of(new Pin.Sss(1, List.of(tang("http://127.0.0.1:1", Optional.of(PRINT)))));
    Process process =
        new ProcessBuilder("clevis", "encrypt", "sss", text).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    // It understands the policy, and finds nobody there.
    assertThat(said).doesNotContain("malformed").contains("127.0.0.1");
  }

  private static Pin.Tang tang(String url, Optional<String> print) {
    return new Pin.Tang(HttpUrl.parse(url), print.map(Thumbprint::new));
  }
}
