package org.workr.capability.accounts;

import java.util.List;
import java.util.Set;
import org.workr.facts.Fact;
import org.workr.value.Host;

/**
 * What stands between the user's home and the keys in it. With others than the user or root in a
 * position to change one of them, sshd takes no key (sshd_config(5), StrictModes).
 *
 * @param home the home folder, links followed
 * @param folder {@code .ssh}
 * @param file {@code .ssh/authorized_keys}
 */
record HomeFiles(Entry home, Entry folder, Entry file) {

  /**
   * One of them.
   *
   * @param kind {@code absent}, {@code file}, {@code folder}, {@code link} or {@code other}
   * @param uid its owner
   * @param mode its permissions
   */
  record Entry(String kind, int uid, int mode) {
    private static final Set<String> KINDS = Set.of("absent", "file", "folder", "link", "other");

    static Entry parse(String line) {
      String[] words = line.split(" ", -1);
      if (words.length != 3 || !KINDS.contains(words[0])) {
        throw new IllegalArgumentException("'" + line + "'");
      }
      return new Entry(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2], 8));
    }

    boolean is(String what) {
      return kind.equals(what);
    }

    /** Whether sshd refuses keys because of it. */
    boolean loose(Account account) {
      return !is("absent") && ((mode & 022) != 0 || (uid != 0 && uid != account.uid()));
    }
  }

  static Fact<HomeFiles> fact(Host host) {
    return Fact.perl(
        "accounts.key-files",
        home(host)
            + """
            for my $path ("$home/.", "$home/.ssh", "$home/.ssh/authorized_keys") {
              my @is = lstat $path;
              my $kind = !@is ? "absent" : -l _ ? "link" : -d _ ? "folder" : -f _ ? "file" : "other";
              printf "%s %d %o\\n", $kind, @is ? ($is[4], $is[2] & 07777) : (0, 0);
            }""",
        HomeFiles::parse);
  }

  /** The content of a file in {@code .ssh}, empty when there is none. */
  static Fact<KeyLines> keys(Host host, String id, String name) {
    return Fact.perl(
        id,
        home(host) + "print content(\"$home/.ssh/" + name + "\") // \"\";",
        text -> new KeyLines(text.isEmpty() ? "" : text + "\n"));
  }

  private static String home(Host host) {
    return "my $home = (getpwnam \"" + host.user() + "\")[7] or die \"no home\\n\";\n";
  }

  private static HomeFiles parse(String text) {
    List<Entry> entries = text.lines().map(Entry::parse).toList();
    if (entries.size() != 3) {
      throw new IllegalArgumentException("'" + text + "'");
    }
    return new HomeFiles(entries.get(0), entries.get(1), entries.get(2));
  }
}
