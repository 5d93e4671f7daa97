package org.workr.capability.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HostsFileTest {
  private static final List<String> NAMES = List.of("workr1.example.org", "workr1");

  private static String with(String content) {
    HostsFile file = new HostsFile(content).with(NAMES, Set.of("template"));
    assertThat(file.names(NAMES)).as("is as wanted when done").isTrue();
    assertThat(file.with(NAMES, Set.of())).as("done twice").isEqualTo(file);
    return file.content();
  }

  @Test
  void theOldNamesGoAndOtherAliasesStay() {
    assertThat(
            with("127.0.0.1 localhost\n127.0.1.1\ttemplate.site.org template r-server # R\n# x\n"))
        .isEqualTo("127.0.0.1 localhost\n127.0.1.1 workr1.example.org workr1 r-server # R\n# x\n");
  }

  @Test
  void aNameThatOnlyBeginsLikeTheOldOneStays() {
    assertThat(with("127.0.1.1 template templates\n"))
        .isEqualTo("127.0.1.1 workr1.example.org workr1 templates\n");
  }

  @Test
  void aMissingLineComesAfterLocalhost() {
    assertThat(with("# head\n127.0.0.1 localhost\n::1 localhost\n"))
        .isEqualTo(
            "# head\n127.0.0.1 localhost\n127.0.1.1 workr1.example.org workr1\n::1 localhost\n");
  }

  @Test
  void severalLinesBecomeOne() {
    assertThat(with("127.0.1.1 workr1\n10.0.0.2 nas\n127.0.1.1 workr1.example.org\n"))
        .isEqualTo("127.0.1.1 workr1.example.org workr1\n10.0.0.2 nas\n");
  }

  @Test
  void withoutAFileThereIsLocalhostToo() {
    assertThat(with(""))
        .isEqualTo(
            """
            127.0.0.1 localhost
            127.0.1.1 workr1.example.org workr1
            ::1 localhost ip6-localhost ip6-loopback
            """);
  }

  @Test
  void aliasesAfterTheNamesAreAsWanted() {
    assertThat(new HostsFile("127.0.1.1 workr1 r-server\n").names(List.of("workr1"))).isTrue();
    assertThat(new HostsFile("127.0.1.1 r-server workr1\n").names(List.of("workr1"))).isFalse();
    assertThat(new HostsFile("#127.0.1.1 workr1\n").names(List.of("workr1"))).isFalse();
  }
}
