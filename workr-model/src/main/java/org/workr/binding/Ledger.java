package org.workr.binding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.workr.diagnostic.Diagnostic;

/** What was found wrong while binding, and which parts of the result are therefore stand-ins. */
final class Ledger {
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final Set<String> broken = new HashSet<>();

  void error(String path, String summary, String hint) {
    diagnostics.add(Diagnostic.error(path, summary, hint));
  }

  void warning(String path, String summary, String hint) {
    diagnostics.add(Diagnostic.warning(path, summary, hint));
  }

  /** Records that a stand-in takes the place of the part at {@code path}. */
  void standsIn(String path) {
    broken.add(path);
  }

  /** Reports an error that costs the part its value. */
  void broken(String path, String summary, String hint) {
    error(path, summary, hint);
    standsIn(path);
  }

  /** Whether the part at {@code path} and everything in it is what the pom says. */
  boolean usable(String path) {
    return broken.stream().noneMatch(b -> b.equals(path) || isIn(path, b) || isIn(b, path));
  }

  List<Diagnostic> diagnostics() {
    return List.copyOf(diagnostics);
  }

  private static boolean isIn(String path, String section) {
    return path.startsWith(section + ".") || path.startsWith(section + "[");
  }
}
