package org.workr.capability.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.plan.Step;
import org.workr.render.Shell;

/** ifupdown, Debian's own: /etc/network/interfaces and the files that it reads (interfaces(5)). */
record Ifupdown() implements Backend {
  static final String PATH = "/etc/network/interfaces.d/workr";
  private static final String MAIN = "/etc/network/interfaces";

  // A stanza ends where the next keyword stands. Only inet stanzas are workr's: inet6 stays.
  private static final String READER =
      """
      use strict; use warnings; use IO::Handle;
      my $main = "/etc/network/interfaces";
      my $keyword = qr/^\\s*(iface|mapping|auto|allow-\\S+|source|source-directory|no-auto-down|no-scripts|rename|template)\\s+(.*?)\\s*$/;
      # Lines that a backslash continues are one, with the line ends in it; comments are not continued.
      sub content {
        my ($more, @lines) = (0);
        unless (open my $f, "<", $_[0]) {
          die "$_[0]: $!\\n" unless $!{ENOENT};
        } else {
          while (<$f>) {
            chomp;
            if ($more) { $lines[-1] .= "\\n$_" } else { push @lines, $_ }
            $more = $lines[-1] !~ /^\\s*#/ && /\\\\$/;
          }
        }
        @lines
      }
      sub joined { my ($line) = @_; $line =~ s/\\\\\\n/ /g; $line }
      # Other files are named relative to the folder of the one that names them.
      sub from { my ($path, $name) = @_; $name =~ m{^/} ? $name : $path =~ s{[^/]+$}{}r . $name }
      sub regex { join "", map { $_ eq "*" ? "[^/]*" : $_ eq "?" ? "[^/]" : quotemeta } split //, $_[0] }
      """;

  private static final String SCAN =
      READER
          + """
          my ($interface, $own) = @ARGV;
          my (%seen, @found, $sourced, $method);
          sub scan {
            my ($path) = @_;
            return if $seen{$path}++;
            my ($inside, %settings, $mine) = (0);
            for (map { joined($_) } content($path)) {
              next if /^\\s*(#|$)/;
              if (my ($word, $rest) = /$keyword/) {
                my @names = split " ", $rest;
                $inside = 0;
                if ($word eq "iface") {
                  my ($name, $family, $how) = @names;
                  if ($name eq $interface && ($family // "") eq "inet") {
                    ($inside, $mine) = (1, 1);
                    $method = $how // "none" unless $path eq $own || ($method // "manual") ne "manual";
                    $settings{$how // "none"} = 1;
                    $settings{inherits} = 1 if grep { $_ eq "inherits" } @names;
                  } elsif ($name =~ m{[*?\\[/]} && $interface =~ ("^" . regex($name) . "\\$")) {
                    print "obstacle \\x27$path\\x27 configures $interface by the pattern \\x27$name\\x27\\n";
                  }
                } elsif ($word eq "auto" || $word =~ /^allow-/) {
                  $mine = 1 if grep { $_ eq $interface } @names;
                } elsif ($word eq "mapping") {
                  print "obstacle \\x27$path\\x27 maps $interface to other names\\n"
                    if grep { $interface =~ ("^" . regex($_) . "\\$") } @names;
                } elsif ($word eq "source") {
                  for my $pattern (@names) {
                    $pattern = from($path, $pattern);
                    $sourced = 1 if $own =~ ("^" . regex($pattern) . "\\$");
                    scan($_) for glob $pattern;
                  }
                } elsif ($word eq "source-directory") {
                  for my $folder (@names) {
                    $folder = from($path, $folder);
                    $folder =~ s{/+$}{};
                    $sourced = 1 if $own =~ m{^\\Q$folder\\E/[^/]+$};
                    opendir my $d, $folder or next;
                    -f "$folder/$_" && scan("$folder/$_") for grep { /^[A-Za-z0-9_-]+$/ } sort readdir $d;
                  }
                }
              } elsif ($inside && /^\\s*(\\S+)/) {
                $settings{$1} = 1;
              }
            }
            push @found, [$path, join(",", sort keys %settings) || "-"] if $mine;
          }
          scan($main);
          push @found, [$main, "-"] if !$sourced && !grep { $_->[0] eq $main } @found;
          $method //= -e $own ? "workr" : "-";
          print "method $method\\n";
          print "claim $_->[0]\\t$interface\\tpart\\t$_->[1]\\n" for @found;
          """;

  private static final String COMMENT_OUT =
      READER
          + """
          my ($path, $interface, $own) = @ARGV;
          my ($inside, $sourced, @new);
          for (content($path)) {
            if (!/^\\s*(#|$)/) {
              if (my ($word, $rest) = joined($_) =~ /$keyword/) {
                my @names = split " ", $rest;
                $inside = $word eq "iface" && $names[0] eq $interface && ($names[1] // "") eq "inet";
                if ($word eq "auto" || $word =~ /^allow-/) {
                  my @others = grep { $_ ne $interface } @names;
                  if (@others < @names) {
                    push @new, s/^/# /mgr;
                    $_ = @others ? "$word @others" : next;
                  }
                }
                @names = map { from($path, $_) } @names if $word =~ /^source/;
                $sourced = 1 if $word eq "source" && grep { $own =~ ("^" . regex($_) . "\\$") } @names;
                $sourced = 1 if $word eq "source-directory" && grep { $own =~ m{^\\Q$_\\E/*[^/]+$} } @names;
              }
              s/^/# /mg if $inside;
            }
            push @new, $_;
          }
          push @new, "source $own" if $path eq $main && !$sourced;
          (my $beside = $path) =~ s{([^/]+)$}{.workr-new};
          my ($mode, $owner, $group) = (stat $path)[2, 4, 5];
          umask 077;
          open my $f, ">", $beside or die "$beside: $!\\n";
          print $f "$_\\n" for @new;
          $f->flush && $f->sync or die "$beside: $!\\n";
          close $f or die "$beside: $!\\n";
          chown $owner, $group, $beside;
          chmod $mode & 07777, $beside;
          rename $beside, $path or die "$path: $!\\n";
          """;

  /**
   * What ifupdown's files say.
   *
   * @param method how the interface gets its address, such as {@code dhcp}; {@code workr} when only
   *     workr's file says so; empty when no file does
   * @param claims about the interface
   */
  record Found(Optional<String> method, Claims claims) implements State {}

  @Override
  public String name() {
    return "ifupdown";
  }

  @Override
  public String title() {
    return "ifupdown";
  }

  @Override
  public String path() {
    return PATH;
  }

  @Override
  public Step.WriteFile file(Wanted wanted) {
    String name = wanted.networkInterface();
    StringBuilder text = new StringBuilder("# ").append(Wanted.WRITTEN).append("\nauto ");
    text.append(name).append("\niface ").append(name).append(" inet static\n    address ");
    text.append(wanted.address()).append('\n');
    wanted.gateway().ifPresent(gateway -> text.append("    gateway ").append(gateway).append('\n'));
    option(text, "dns-nameservers", wanted.nameserverWords());
    option(text, "dns-search", wanted.searchWords());
    return Step.file(PATH, text.toString(), "0644");
  }

  private static void option(StringBuilder text, String name, List<String> words) {
    if (!words.isEmpty()) {
      text.append("    ").append(name).append(' ').append(String.join(" ", words)).append('\n');
    }
  }

  @Override
  public Fact<Found> state(InterfaceProbe probe) {
    return probe.fact(
        "network.ifupdown",
        """
            if ! command -v ifup >/dev/null || [ ! -e MAIN ]; then echo 'method -'; exit 0; fi
            perl -e PROGRAM -- "$interface" OWN
            """
            .replace("MAIN", MAIN)
            .replace("OWN", PATH)
            .replace("PROGRAM", Shell.quote(SCAN)),
        text -> {
          KeyedLines lines = KeyedLines.parse(text);
          return new Found(lines.first("method"), Claims.parse(lines, PATH));
        });
  }

  @Override
  public List<String> replaced() {
    return List.of(
        "address",
        "broadcast",
        "client",
        "dhcp",
        "dns-domain",
        "dns-nameserver",
        "dns-nameservers",
        "dns-search",
        "gateway",
        "hostname",
        "manual",
        "metric",
        "netmask",
        "network",
        "none",
        "static");
  }

  @Override
  public List<Step> makeWay(Claims claims, String networkInterface) {
    List<Step> steps = new ArrayList<>();
    for (Claims.Claim claim : claims.claims()) {
      steps.add(
          new Step.Run(
              List.of("perl", "-e", COMMENT_OUT, "--", claim.path(), networkInterface, PATH),
              List.of()));
    }
    return steps;
  }

  @Override
  public Set<Resolver.Kind> feeds() {
    return Set.of(Resolver.Kind.RESOLVCONF);
  }
}
