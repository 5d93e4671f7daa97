package org.workr.capability.accounts;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.workr.capability.SshServer;
import org.workr.facts.Fact;

/**
 * The lines in sshd's files that decide about passwords. Of several the first one wins
 * (sshd_config(5)), so a drop-in has effect only when nothing before it says the contrary.
 *
 * @param lines in the order of the files' names, and within each file in order
 */
record SshdFiles(List<Line> lines) {
  private static final Pattern LINE =
      Pattern.compile("([^:]+):(\\d+):\\s*([A-Za-z]+)(?:\\s*=\\s*|\\s+)\"?([^\"]*?)\"?\\s*(#.*)?");

  static final Fact<SshdFiles> FACT =
      Fact.perl(
          "accounts.sshd-files",
          """
          for my $file ("MAIN", sort glob "MAIN.d/*.conf") {
            my ($content, $n) = (content($file), 0);
            defined $content or $file ne "MAIN" or die "no $file\\n";
            for (split /^/, $content // "") {
              $n++;
              print "$file:$n:$_" if /^\\s*(include|match|passwordauthentication|kbdinteractiveauthentication|challengeresponseauthentication)[\\s=]/i;
            }
            print "\\n" if ($content // "") =~ /[^\\n]\\z/;
          }"""
              .replace("MAIN", SshServer.MAIN),
          SshdFiles::parse);

  /**
   * One line.
   *
   * @param file absolute path
   * @param number of the line in its file, from 1
   * @param keyword in lower case
   * @param value the rest
   */
  record Line(String file, int number, String keyword, String value) {}

  /** Copies the list. */
  SshdFiles {
    lines = List.copyOf(lines);
  }

  private static SshdFiles parse(String text) {
    List<Line> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      String keyword = matcher.group(3).toLowerCase(Locale.ROOT);
      lines.add(
          new Line(
              matcher.group(1),
              Integer.parseInt(matcher.group(2)),
              // The older name of the same setting.
              keyword.equals("challengeresponseauthentication")
                  ? "kbdinteractiveauthentication"
                  : keyword,
              matcher.group(4)));
    }
    return new SshdFiles(lines);
  }

  /** Whether sshd reads the folder of drop-ins at all. */
  boolean readsDropIns() {
    return global(SshServer.MAIN).anyMatch(SshdFiles::isInclude);
  }

  /**
   * The line before workr's drop-in that sets {@code keyword}, to whatever.
   *
   * @param keyword in lower case
   */
  Optional<Line> before(String keyword) {
    List<Line> order = new ArrayList<>();
    for (Line line : global(SshServer.MAIN).toList()) {
      if (isInclude(line)) {
        lines.stream()
            .map(Line::file)
            .filter(file -> !file.equals(SshServer.MAIN) && file.compareTo(SshServer.DROP_IN) < 0)
            .distinct()
            .flatMap(this::global)
            .forEach(order::add);
        break;
      }
      order.add(line);
    }
    return order.stream().filter(line -> line.keyword().equals(keyword)).findFirst();
  }

  /** The lines of a file before its first Match, which hold for everyone. */
  private Stream<Line> global(String file) {
    return lines.stream()
        .filter(line -> line.file().equals(file))
        .takeWhile(line -> !line.keyword().equals("match"));
  }

  private static boolean isInclude(Line line) {
    return line.keyword().equals("include")
        && Stream.of(line.value().split("\\s+", -1))
            .anyMatch(p -> p.endsWith("sshd_config.d/*.conf") || p.endsWith("sshd_config.d/*"));
  }
}
