package org.workr.capability.network;

/** Asking on the wire who has an address, before anything says that this machine has it. */
final class Arp {
  /**
   * A program for {@code perl-base}, which every Debian and Ubuntu has, unlike arping. Its
   * arguments are an interface, how many seconds to wait, and pairs of an address to ask for and
   * the sender's address in the question, which is 0.0.0.0 for a probe (RFC 5227, section 2.1.1).
   * It prints one line for each address: the address and the answering MAC or {@code -}. The
   * machine's own answers do not count. It has no single quote in it.
   */
  static final String PERL =
      """
      use strict; use warnings;
      my ($interface, $wait, @ask) = @ARGV;
      my $net = "/sys/class/net";
      sub line { open my $f, "<", $_[0] or return ""; my $l = <$f>; chomp($l //= ""); lc $l }
      sub bytes { pack "C4", split /\\./, $_[0] }
      my $index = line("$net/$interface/ifindex") or die "no interface $interface\\n";
      opendir my $all, $net or die "$net: $!\\n";
      my %own = map { line("$net/$_/address") => 1 } grep { !/^\\./ } readdir $all;
      (my $mac = line("$net/$interface/address")) =~ tr/0-9a-f//cd;
      $mac = pack "H12", $mac;
      my $type = unpack "S", pack "n", 0x0806;
      socket my $s, 17, 3, $type or die "packet socket: $!\\n";
      bind $s, pack("S S l S C C x8", 17, $type, $index, 0, 0, 0) or die "bind: $!\\n";
      my (@targets, %answer);
      push @targets, $ask[2 * $_] for 0 .. $#ask / 2;
      my ($left, $next) = ($wait, $wait);
      while ($left > 0 && grep { !$answer{$_} } @targets) {
        if ($left <= $next) {
          $next -= 0.3;
          for (my $i = 0; $i < @ask; $i += 2) {
            syswrite $s, "\\xff" x 6 . $mac . pack("n3 C2 n", 0x0806, 1, 0x0800, 6, 4, 1)
              . $mac . bytes($ask[$i + 1]) . "\\0" x 6 . bytes($ask[$i]);
          }
        }
        my $pause = $next > 0 && $next < $left ? $left - $next : $left;
        vec(my $r = "", fileno $s, 1) = 1;
        my ($ready, $rest) = select $r, undef, undef, $pause;
        $left -= $pause - ($ready > 0 ? $rest : 0);
        next unless $ready > 0;
        sysread $s, my $frame, 1514 or next;
        next if length $frame < 42;
        my ($sender, $ip) = unpack "x22 a6 a4", $frame;
        my $from = join ":", map { sprintf "%02x", $_ } unpack "C6", $sender;
        my $of = join ".", unpack "C4", $ip;
        $answer{$of} ||= $from unless $own{$from};
      }
      print "$_ ", $answer{$_} || "-", "\\n" for @targets;
      """;

  private Arp() {}
}
