package org.workr.capability.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.workr.binding.Binder;
import org.workr.binding.Element;
import org.workr.capability.SampleHost;
import org.workr.facts.Facts;
import org.workr.value.Host;
import org.workr.value.Hostname;
import org.workr.value.Role;

class DeploymentTest {
  private static final String ONE = "sha256:" + "1".repeat(64);
  private static final String TWO = "sha256:" + "2".repeat(64);
  private static final String BUILD = "20261128T120000Z";
  private static final String MADE =
      "from rocker/geospatial:4.4.2\nuser rstudio\npackages -\nrepository -\n";

  private final Map<Hostname, Facts> facts = new HashMap<>();
  private final List<Host> hosts =
      IntStream.rangeClosed(1, 4).mapToObj(number -> host("workr" + number)).toList();

  private static ContainerSpec spec() {
    Element image = new Element("image", "rocker/geospatial:4.4.2", List.of());
    Element container = new Element("container", "", List.of(image));
    return Binder.bind(container, ContainerSpec.class).value().orElseThrow();
  }

  private static Host host(String name) {
    Host sample = SampleHost.with(Set.of(Role.WORKER));
    return new Host(
        sample.cluster(),
        new Hostname(name),
        sample.roles(),
        sample.user(),
        sample.port(),
        sample.bootstrap(),
        sample.address(),
        sample.networkInterface(),
        sample.templateKeys(),
        sample.slots(),
        sample.threads());
  }

  private void found(String host, String architecture, String lock, String... lines) {
    StringBuilder state =
        new StringBuilder(
            "address\ncompose /usr/bin/docker compose\ninstalled\nengine 26.1.5 "
                + architecture
                + "\n");
    for (String image : lines) {
      if (image.startsWith("sha256:")) {
        state.append("image ").append(image).append(" 20260101T000000Z\n");
      } else {
        state.append(image).append('\n');
      }
    }
    facts.put(
        new Hostname(host),
        new Facts(
            Map.of(
                "container.state", new Facts.Section(0, state.toString()),
                "controller.container-lock", new Facts.Section(0, lock))));
  }

  private Deployment building(boolean update) {
    return Deployment.building(spec(), hosts, facts, update, BUILD);
  }

  private Map<Hostname, Hostname> sources() {
    return Deployment.of(spec(), hosts, facts, Duration.ZERO).sources();
  }

  @Test
  void oneOfEachArchitectureMakesTheImageThatTheLockHasNot() {
    found("workr2", "amd64", "");
    found("workr3", "arm64", "");
    found("workr4", "amd64", "");
    assertThat(building(false).builders())
        .containsExactlyInAnyOrder(new Hostname("workr2"), new Hostname("workr3"));
    assertThat(building(false).build()).contains(BUILD);
  }

  @Test
  void nobodyMakesOneThatTheLockHas() {
    found("workr1", "amd64", MADE + "image amd64 " + ONE);
    found("workr2", "arm64", MADE + "image amd64 " + ONE);
    assertThat(building(false).builders()).containsExactly(new Hostname("workr2"));
    assertThat(building(true).builders())
        .containsExactlyInAnyOrder(new Hostname("workr1"), new Hostname("workr2"));
  }

  @Test
  void nothingIsMadeOfAPomThatSaysSomethingElseThanTheLock() {
    String other = MADE.replace("4.4.2", "4.3.0");
    found("workr1", "amd64", other + "image arm64 " + ONE);
    assertThat(building(false).builds()).isFalse();
    assertThat(building(true).builds()).isTrue();
  }

  @Test
  void whatAnInterruptedRunHasBegunKeepsItsName() {
    String begun = "20261127T090000Z";
    String said = new Recipe(spec()).begun(begun, "rocker/geospatial:4.4.2");
    found("workr1", "amd64", "", "building " + said);
    found("workr2", "arm64", "");
    assertThat(building(false).build()).contains(begun);
    assertThat(building(true).build()).contains(begun);
    found("workr1", "amd64", "", "building " + begun + " " + "0".repeat(64));
    assertThat(building(false).build()).contains(BUILD);
  }

  @Test
  void thoseThatHaveTheImageGiveItToTheOthersInTurn() {
    String lock = MADE + "image amd64 " + ONE;
    found("workr1", "amd64", lock, ONE);
    found("workr2", "amd64", lock, TWO);
    found("workr3", "amd64", lock, TWO, ONE);
    found("workr4", "amd64", lock);
    assertThat(sources())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                new Hostname("workr2"), new Hostname("workr1"),
                new Hostname("workr4"), new Hostname("workr3")));
  }

  @Test
  void anImageThatNobodyHasComesFromNowhere() {
    found("workr1", "amd64", MADE + "image amd64 " + ONE, TWO);
    found("workr2", "arm64", MADE + "image amd64 " + ONE);
    assertThat(sources()).isEmpty();
  }

  @Test
  void anUnfitWorkerMakesNoImage() {
    found("workr1", "amd64", "");
    found("workr2", "amd64", "");
    Facts.Section state =
        new Facts.Section(
            0,
            "address\ncompose /usr/bin/docker compose\ninstalled\nother 2222 nginx\nengine 26 amd64");
    facts.put(
        new Hostname("workr1"),
        new Facts(
            Map.of(
                "container.state", state, "controller.container-lock", new Facts.Section(0, ""))));
    assertThat(building(false).builders()).containsExactly(new Hostname("workr2"));
  }

  @Test
  void anArchitectureThatIsMissingBecomesAPartOfWhatThereIs() {
    String lock = MADE + "build 20260101T000000Z\nimage amd64 " + ONE;
    found("workr1", "amd64", lock, ONE);
    found("workr2", "arm64", lock);
    assertThat(building(false).build()).contains("20260101T000000Z");
    assertThat(building(true).build()).contains(BUILD);
  }
}
