package org.workr.planning;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.workr.binding.Binder;
import org.workr.binding.XmlElements;
import org.workr.capability.StatusLine;
import org.workr.facts.Facts;
import org.workr.spec.ClusterSpec;
import org.workr.value.Host;

/** When the goal status says that old keys of a Tang server may go: only when nobody needs them. */
class TangStatusTest {
  @TempDir Path folder;

  private static final String MAY_GO = "no host needs other keys than those that it advertises";

  @Test
  void theyMayGoWhenNobodyNeedsThem() throws IOException {
    assertThat(status("provisioned", facts("provisioned"), facts("provisioned")))
        .hasSize(3)
        .noneMatch(StatusLine::attention)
        .allSatisfy(line -> assertThat(line.text()).startsWith(MAY_GO));
  }

  @Test
  void aHostThatIsSwitchedOffMayNeedThem() throws IOException {
    assertThat(status("provisioned", facts("provisioned"), Optional.empty()))
        .hasSize(3)
        .allMatch(StatusLine::attention)
        .allSatisfy(
            line ->
                assertThat(line.text())
                    .isEqualTo("keep its old keys: they may still unlock workr2 (not looked at)"));
  }

  @Test
  void aHostThatIsBoundToThemNeedsThem() throws IOException {
    Optional<Facts> behind =
        with("tang-rotated", "disk.tang", golden("provisioned").before().get("disk.tang"));
    assertThat(first("provisioned", behind, behind))
        .isEqualTo("keep its old keys: they may still unlock workr1, workr2");
    assertThat(first("provisioned", behind, facts("provisioned")))
        .isEqualTo("keep its old keys: they may still unlock workr1");
  }

  /** The same server by another name, to which a host is still bound. */
  @Test
  void aBindingThatIsNotTheDeclaredOneMayNeedThem() throws IOException {
    Map<String, String> renamed = Map.of("http://10.77.0.11", "http://tang1.example");
    List<StatusLine> lines =
        status("provisioned", renamed, facts("provisioned"), facts("provisioned"));
    assertThat(lines)
        .filteredOn(line -> line.subject().equals("http://tang1.example"))
        .extracting(StatusLine::text)
        .containsExactly("keep its old keys: they may still unlock workr1, workr2");
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            StatusLine.bad(
                "http://10.77.0.11", "is not declared, and may still unlock workr1, workr2"));
  }

  @Test
  void aDiskThatIsNotThereMayNeedThem() throws IOException {
    assertThat(first("provisioned", facts("provisioned"), facts("disk-not-there")))
        .endsWith("unlock workr2");
  }

  @Test
  void aBindingThatCannotBeReadMayNeedThem() throws IOException {
    assertThat(first("provisioned", facts("provisioned"), facts("binding-unreadable")))
        .endsWith("unlock workr2");
    assertThat(first("provisioned", facts("provisioned"), facts("luks1"))).endsWith("workr2");
    Optional<Facts> nothing = with("provisioned", "disk.state", new Facts.Section(1, ""));
    assertThat(first("provisioned", facts("provisioned"), nothing)).endsWith("unlock workr2");
  }

  @Test
  void withoutAnAnswerAllAreKept() throws IOException {
    List<StatusLine> lines = status("tang-one-down", facts("tang-one-down"), Optional.empty());
    assertThat(lines.get(1))
        .isEqualTo(
            StatusLine.bad(
                "http://10.77.0.12", "no host could ask for its keys, so keep all of them"));
    assertThat(first("tang-before-curl", facts("tang-before-curl"), Optional.empty()))
        .startsWith("no host could ask");
    assertThat(first("tang-is-a-web-server", facts("tang-is-a-web-server"), Optional.empty()))
        .startsWith("no host could ask");
  }

  @Test
  void whatNobodyKnownHasSignedSaysNothing() throws IOException {
    String unknown = "what it advertises is signed by no key that is known, so keep all";
    for (String name :
        List.of("tang-impostor", "tang-impostor-with-the-pinned-key", "tang-not-pinned-impostor")) {
      assertThat(first(name, facts(name), Optional.empty())).as(name).startsWith(unknown);
    }
    // Another host got a better answer.
    assertThat(first("tang-impostor", facts("tang-impostor"), facts("provisioned")))
        .startsWith(MAY_GO);
    assertThat(
            first(
                "tang-not-pinned-impostor",
                facts("tang-not-pinned-impostor"),
                facts("provisioned")))
        .startsWith(MAY_GO);
  }

  @Test
  void aSuccessorCountsWhenTheKeyThatIsBoundVouchesForIt() throws IOException {
    for (String name : List.of("tang-rotated", "tang-not-pinned-rotated")) {
      assertThat(first(name, facts(name), facts(name)))
          .as(name)
          .isEqualTo("keep its old keys: they may still unlock workr1, workr2");
    }
  }

  @Test
  void nobodyVouchesWhereNobodyIsBound() throws IOException {
    String name = "tang-not-pinned-not-bound";
    assertThat(first(name, facts(name), facts(name)))
        .startsWith("what it advertises is signed by no");
    // What a template was bound to is not known to be the server.
    String template = "tang-not-pinned-template-bound";
    Optional<Facts> clone =
        with(template, "disk.tang", golden("provisioned").before().get("disk.tang"));
    assertThat(first(template, clone, clone)).startsWith("what it advertises is signed by no");
  }

  private String first(String name, Optional<Facts> one, Optional<Facts> two) throws IOException {
    return status(name, one, two).get(0).text();
  }

  private List<StatusLine> status(String name, Optional<Facts> one, Optional<Facts> two)
      throws IOException {
    return status(name, Map.of(), one, two);
  }

  private List<StatusLine> status(
      String name, Map<String, String> inPom, Optional<Facts> one, Optional<Facts> two)
      throws IOException {
    String pom = Files.readString(golden(name).folder().resolve("cluster.xml"));
    for (Map.Entry<String, String> entry : inPom.entrySet()) {
      assertThat(pom).contains(entry.getKey());
      pom = pom.replace(entry.getKey(), entry.getValue());
    }
    Path file =
        Files.writeString(
            folder.resolve("cluster.xml"),
            pom.replace(">workr1<", ">workr[1-2]<").replace(".64.1/16", ".64.[1-2]/16"));
    ClusterSpec spec = Binder.bind(XmlElements.file(file), ClusterSpec.class).value().orElseThrow();
    Map<Host, Optional<Facts>> hosts = new LinkedHashMap<>();
    hosts.put(spec.hosts().get(0), one);
    hosts.put(spec.hosts().get(1), two);
    return Capabilities.ALL.stream()
        .filter(use -> use.capability().name().equals("disk"))
        .findFirst()
        .orElseThrow()
        .status(spec, hosts);
  }

  private static GoldenCase golden(String name) {
    return GoldenCase.of(GoldenCase.ROOT.resolve("disk").resolve(name));
  }

  private static Optional<Facts> facts(String name) throws IOException {
    return Optional.of(new Facts(golden(name).before()));
  }

  private static Optional<Facts> with(String name, String id, Facts.Section section)
      throws IOException {
    Map<String, Facts.Section> sections = new HashMap<>(golden(name).before());
    sections.put(id, section);
    return Optional.of(new Facts(sections));
  }
}
