package org.workr.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workr1|workr1",
        "workr1 workr2 workr3|workr[1-3]",
        "workr1 workr2 workr7|workr[1-2,7]",
        "workr9 workr10 workr11|workr[9-11]",
        "h008 h009 h010 h011|h[008-011]",
        "h9 h010|h[9,010]",
        "h0 h1|h[0-1]",
        "h00 h1|h[00,1]",
        "h099 h100|h[099-100]",
        "a1 b2 a3|a1,b2,a3",
        "head workr1 workr2 login|head,workr[1-2],login",
        "r1n1 r1n2 r2n1|r1n[1-2],r2n1",
        "n1-ib n2-ib|n[1-2]-ib",
        "workr3 workr1|workr[3,1]",
        "x12345678901 x12345678902|x12345678901,x12345678902",
      })
  void foldsWhatCanBeReadAgain(String names, String folded) {
    List<Hostname> hosts = Arrays.stream(names.split(" ", -1)).map(Hostname::new).toList();
    assertThat(HostnameRange.parse(HostNames.folded(hosts)).names()).isEqualTo(hosts);
    assertThat(HostNames.folded(hosts)).isEqualTo(folded);
  }

  @Test
  void ofNoneIsNothing() {
    assertThat(HostNames.folded(List.of())).isEmpty();
  }
}
