package org.workr.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.maven.plugin.MojoFailureException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.workr.report.HostOutcome;
import org.workr.report.Recap;
import org.workr.report.Report;
import org.workr.report.Status;
import org.workr.spec.ClusterSpec;
import org.workr.value.Hostname;

/** Which hosts {@code workr.limit} means. */
class LimitTest {
  private static final ClusterSpec SPEC =
      Clusters.spec("workr[1-12],rack-a[01-03]-gpu", "192.168.64.[1-15]/16");

  /** Separated by semicolons, as names and ranges have commas. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "workr3; workr3",
        "workr3,workr5; workr3 workr5",
        "workr[2-4]; workr2 workr3 workr4",
        "workr[1,3,9-11]; workr1 workr3 workr9 workr10 workr11",
        "workr12,workr[1,3],rack-a[01,03]-gpu; workr12 workr1 workr3 rack-a01-gpu rack-a03-gpu",
        "' workr1 , workr[2,4] '; workr1 workr2 workr4",
        "workr1,workr[1-2]; workr1 workr2",
      })
  void namesAndRangesWithCommasBetweenAndInsideOfThem(String text, String hosts) throws Exception {
    assertThat(Limit.parse(text, SPEC))
        .containsExactlyElementsOf(Stream.of(hosts.split(" ")).map(Hostname::new).toList());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "  "})
  void nothingIsNoLimit(String text) throws Exception {
    assertThat(Limit.parse(text, SPEC)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"workr13", "workr1,workr13", "workr[12-13]"})
  void aNameThatIsNoHostIsNotPassedOver(String text) {
    assertThatThrownBy(() -> Limit.parse(text, SPEC))
        .isInstanceOf(MojoFailureException.class)
        .hasMessage(
            "workr.limit: 'workr13' is no host of this cluster. Its hosts are"
                + " workr[1-12],rack-a[01-03]-gpu.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"workr[1-", "workr1,,workr2", ",", "workr1,", "workr[5-1]", "workr_1"})
  void whatIsNoNameIsSaidToBeNone(String text) {
    assertThatThrownBy(() -> Limit.parse(text, SPEC))
        .isInstanceOf(MojoFailureException.class)
        .hasMessageStartingWith("workr.limit: '");
  }

  @Test
  void readsWhatARecapTellsToPaste() throws Exception {
    for (Set<String> failed :
        List.of(
            Set.of("workr7"),
            Set.of("workr2", "workr3", "workr9"),
            Set.of("workr1", "workr12", "rack-a01-gpu", "rack-a03-gpu"))) {
      assertThat(Limit.parse(pasted(Recap.text(report(failed))), SPEC))
          .extracting(Hostname::value)
          .containsExactlyInAnyOrderElementsOf(failed);
    }
  }

  /** The value that a shell makes of the option at the end of a recap. */
  private static String pasted(String recap) {
    Matcher option = Pattern.compile("(\"?)-Dworkr\\.limit=([^ \"]+)\\1\\n$").matcher(recap);
    assertThat(option.find()).as(recap).isTrue();
    return option.group(2);
  }

  private static Report report(Set<String> failed) {
    return new Report(
        "stats",
        "provision",
        Instant.EPOCH,
        Duration.ZERO,
        SPEC.hosts().stream()
            .map(
                host ->
                    new HostOutcome(
                        host.hostname(),
                        failed.contains(host.hostname().value()) ? Status.FAILED : Status.OK,
                        List.of(),
                        List.of(),
                        Duration.ZERO,
                        ""))
            .toList());
  }
}
