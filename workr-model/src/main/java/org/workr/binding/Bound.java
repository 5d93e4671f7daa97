package org.workr.binding;

import java.util.List;
import java.util.Set;
import org.workr.diagnostic.Diagnostic;

/**
 * A record bound from XML, with all that was wrong.
 *
 * <p>Broken parts are filled with their default or example, so that what is right can still be
 * checked further. While there is an error the value must not be used for anything else.
 *
 * @param value the record
 * @param diagnostics every problem, in document order
 * @param broken paths of the parts that are filled in
 * @param <T> type of the record
 */
public record Bound<T>(T value, List<Diagnostic> diagnostics, Set<String> broken) {

  /** Copies the collections. */
  public Bound {
    diagnostics = List.copyOf(diagnostics);
    broken = Set.copyOf(broken);
  }

  /** Whether the part at {@code path}, and what it stands in, is what the pom says. */
  public boolean usable(String path) {
    return broken.stream().noneMatch(b -> b.equals(path) || isIn(path, b));
  }

  /** Whether the part at {@code path} and everything in it is what the pom says. */
  public boolean whole(String path) {
    return usable(path) && broken.stream().noneMatch(b -> isIn(b, path));
  }

  private static boolean isIn(String path, String section) {
    return path.startsWith(section + ".") || path.startsWith(section + "[");
  }
}
