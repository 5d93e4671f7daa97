package org.workr.facts;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.workr.render.Shell;

/**
 * Probes in Perl, which is a part of every Debian (perl-base is essential, Debian Policy 3.8): all
 * of a host run in one process, where each in shell takes several. A process costs a host about a
 * millisecond.
 */
final class PerlProbes {
  /** What probes may use: {@code content PATH} is what is in a file, and undefined without one. */
  private static final String COMMON =
      """
      use strict; use warnings;
      sub content {
        my ($path) = @_;
        open my $file, "<", $path or do { return undef if $!{ENOENT} || $!{ENOTDIR}; die "$path: $!\\n" };
        local $/;
        my $all = <$file>;
        defined $all or die "$path: $!\\n";
        return $all;
      }
      """;

  private static final String FACT =
      """
      my $boundary = shift;
      sub fact {
        my ($id, $probe) = @_;
        print "$boundary begin $id\\n";
        my $good = eval { $probe->(); 1 };
        print STDERR $@ unless $good;
        print "\\n$boundary end ", $good ? 0 : 1, "\\n";
      }
      """;

  private PerlProbes() {}

  /** Shell that runs one; its status is not 0 when it dies. */
  static String alone(String code) {
    return "perl -e " + Shell.quote(COMMON + sub(code) + "->();\n") + "\n";
  }

  /** Shell that runs all of {@code facts}, each in a frame with {@code boundary}. */
  static String script(List<Fact<?>> facts, String boundary) {
    String calls =
        facts.stream()
            .map(fact -> "fact(\"" + fact.id() + "\", " + sub(fact.own()) + ");\n")
            .collect(joining());
    return "perl -e " + Shell.quote(COMMON + FACT + calls) + " " + boundary + " </dev/null";
  }

  private static String sub(String code) {
    return "sub {\n" + code + "\n}";
  }
}
