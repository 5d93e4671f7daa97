package org.workr.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.workr.capability.Situation;
import org.workr.capability.StatusLine;
import org.workr.capability.disk.Disk;
import org.workr.facts.Facts;
import org.workr.spec.ClusterSpec;

/** What the goal status says of machines of the golden cases. */
class DiskStatusTest {

  @Test
  void aProvisionedMachineIsFine() throws IOException {
    List<StatusLine> lines = status("provisioned");
    assertThat(lines).noneMatch(StatusLine::attention);
    assertThat(lines)
        .extracting(StatusLine::subject)
        .containsExactly(
            "disk", "passphrase", "binding", "volume key", "header copy", "unattended unlock");
    assertThat(text(lines, "disk"))
        .isEqualTo("/dev/vda3, LUKS2 5b1e6c3a-8d27-4f0c-9a64-2c7d1f0e9b35, 2.7 GiB");
    assertThat(text(lines, "binding")).startsWith("2 of (http://10.77.0.11 ").endsWith("Z)");
  }

  @Test
  void aCloneNeedsEverything() throws IOException {
    List<StatusLine> lines = status("fresh-clone");
    assertThat(lines)
        .filteredOn(StatusLine::attention)
        .extracting(StatusLine::text)
        .containsExactly(
            "still the secret stats.workr1.luks.current",
            "none of its own",
            "the template's, which every clone of it has",
            "none of the header as it is now",
            "never proven by a restart");
  }

  /** It carries the notes of the machine that it was copied from, and that one's machine-id. */
  @Test
  void aCloneOfAProvisionedMachineNeedsEverythingToo() throws IOException {
    GoldenCase golden = golden("provisioned");
    Map<String, Facts.Section> facts = new HashMap<>(golden.before());
    facts.put(
        "identity.marker",
        new Facts.Section(0, "hostname=workr7\nmachine-id=0123456789abcdef0123456789abcdef"));
    List<StatusLine> lines =
        use()
            .status(
                golden.spec(),
                new Situation(golden.spec().hosts().get(0), new Facts(facts), List.of()));
    assertThat(text(lines, "volume key")).isEqualTo("the template's, which every clone of it has");
    assertThat(attention(lines)).contains("binding", "volume key", "unattended unlock");
  }

  @Test
  void eachThingThatIsWrongIsSaid() throws IOException {
    assertThat(text(status("passphrase-unknown"), "passphrase"))
        .isEqualTo("none that is known opens it");
    assertThat(text(status("interrupted-old-passphrase-gone-not-noted"), "passphrase"))
        .isEqualTo("the host's own, since when is not noted");
    assertThat(text(status("threshold-changed"), "binding")).startsWith("2 of ");
    assertThat(attention(status("threshold-changed"))).containsExactly("binding");
    assertThat(attention(status("another-binding-besides"))).containsExactly("binding");
    assertThat(attention(status("keyslot-unbound"))).doesNotContain("keyslots");
    assertThat(attention(status("keyslot-unbound-since-a-reencryption-did-not-begin")))
        .contains("keyslots");
    assertThat(attention(status("no-keystore"))).containsExactly("header copy");
    assertThat(attention(status("header-copy-of-an-older-header"))).containsExactly("header copy");
    assertThat(attention(status("unlock-not-proven"))).containsExactly("unattended unlock");
    assertThat(attention(status("restarted-by-somebody"))).containsExactly("unattended unlock");
    assertThat(text(status("restarted-by-somebody"), "unattended unlock"))
        .endsWith("not by workr: whether somebody typed the passphrase is not known");
    assertThat(attention(status("restart-not-allowed-restarted-by-somebody"))).isEmpty();
    assertThat(text(status("interrupted-reencryption-runs"), "volume key"))
        .isEqualTo("being replaced, 44 %");
    assertThat(text(status("interrupted-reencryption-stopped"), "volume key"))
        .isEqualTo("being replaced, 44 %, stopped");
    assertThat(text(status("interrupted-reencryption-ended-by-itself"), "volume key"))
        .isEqualTo("replaced, not proven yet: provision and rekey do that");
    assertThat(attention(status("luks1"))).containsExactly("disk");
  }

  @Test
  void withoutFactsItSaysSo() throws IOException {
    ClusterSpec spec = golden("provisioned").spec();
    Situation nothing = new Situation(spec.hosts().get(0), new Facts(Map.of()), List.of());
    assertThat(use().status(spec, nothing))
        .containsExactly(StatusLine.bad("disk", "its encryption could not be read"));
  }

  @Test
  void aMachineUnlocksItselfWhenAllItsOpenDisksAreBound() throws IOException {
    assertThat(unlocksItself("provisioned")).isTrue();
    assertThat(unlocksItself("fresh-clone")).isFalse();
    assertThat(unlocksItself("template-has-a-binding")).isFalse();
    assertThat(unlocksItself("two-devices-the-second-new")).isFalse();
  }

  private static boolean unlocksItself(String name) throws IOException {
    GoldenCase golden = golden(name);
    return Disk.unlocksItself(
        new Situation(golden.spec().hosts().get(0), new Facts(golden.before()), List.of()));
  }

  private static List<StatusLine> status(String name) throws IOException {
    GoldenCase golden = golden(name);
    ClusterSpec spec = golden.spec();
    return use()
        .status(spec, new Situation(spec.hosts().get(0), new Facts(golden.before()), List.of()));
  }

  private static List<String> attention(List<StatusLine> lines) {
    return lines.stream().filter(StatusLine::attention).map(StatusLine::subject).toList();
  }

  private static String text(List<StatusLine> lines, String subject) {
    return lines.stream()
        .filter(line -> line.subject().equals(subject))
        .map(StatusLine::text)
        .findFirst()
        .orElse("");
  }

  private static Capabilities.Use<?> use() {
    return Capabilities.ALL.stream()
        .filter(use -> use.capability().name().equals("disk"))
        .findFirst()
        .orElseThrow();
  }

  private static GoldenCase golden(String name) {
    return GoldenCase.of(GoldenCase.ROOT.resolve("disk").resolve(name));
  }
}
