package org.workr;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** What the compiler does not say about the sources of both modules. */
class SourcesTest {
  private static final int FILE_LINES = 300;
  private static final int GOAL_LINES = 75;

  /** Longer than the budget, and why. */
  private static final Map<String, String> LONG_FILES = Map.of();

  private static final Pattern BAD_NAME =
      Pattern.compile(".*(Util|Utils|Helper|Helpers|Manager|Common|Impl)\\.java");

  /** Named after what it is about. */
  private static final Set<String> GOOD_NAMES = Set.of("NetworkManager.java");

  private static final List<Path> SOURCES = sources();

  @Test
  void bothModulesAreSeen() {
    assertThat(SOURCES)
        .anyMatch(p -> p.endsWith("org/workr/diagnostic/Diagnostic.java"))
        .anyMatch(p -> p.endsWith("org/workr/maven/ElementConverter.java"));
  }

  @Test
  void filesAreShort() {
    assertThat(longerThan(FILE_LINES, file -> !LONG_FILES.containsKey(name(file)))).isEmpty();
  }

  @Test
  void exceptionsAreStillNeeded() {
    assertThat(longerThan(FILE_LINES, file -> LONG_FILES.containsKey(name(file))))
        .as("of the files in LONG_FILES, these are still long; take the others off the list")
        .hasSameSizeAs(LONG_FILES.keySet());
  }

  @Test
  void goalsAreThin() {
    assertThat(longerThan(GOAL_LINES, file -> read(file).contains("\n@Mojo("))).isEmpty();
  }

  @Test
  void namesSayWhatAThingIs() {
    assertThat(SOURCES)
        .filteredOn(file -> !GOOD_NAMES.contains(name(file)))
        .noneMatch(file -> BAD_NAME.matcher(name(file)).matches());
  }

  @Test
  void nothingIsLeftForLater() {
    Pattern later = Pattern.compile("\\b(TODO|FIXME|XXX)\\b");
    assertThat(SOURCES).noneMatch(file -> later.matcher(read(file)).find());
  }

  @Test
  void everyPackageIsNullMarked() {
    TreeSet<Path> packages = new TreeSet<>();
    SOURCES.forEach(file -> packages.add(file.getParent()));
    assertThat(packages)
        .isNotEmpty()
        .allSatisfy(
            directory ->
                assertThat(directory.resolve("package-info.java"))
                    .content()
                    .containsPattern("(?m)^@NullMarked$")
                    .startsWith("/**"));
  }

  @Test
  void everyPublicTypeAndMethodIsDocumented() throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<String> undocumented = new ArrayList<>();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, List.of(), null, files.getJavaFileObjectsFromPaths(SOURCES));
      DocTrees docs = DocTrees.instance(task);
      for (CompilationUnitTree unit : task.parse()) {
        new Undocumented(docs, undocumented).scan(unit, null);
      }
    }
    assertThat(undocumented).isEmpty();
  }

  /** Visits public types, and public methods that override nothing. */
  private static final class Undocumented extends TreePathScanner<Void, Void> {
    private final DocTrees docs;
    private final List<String> found;

    Undocumented(DocTrees docs, List<String> found) {
      this.docs = docs;
      this.found = found;
    }

    @Override
    public Void visitClass(ClassTree type, Void unused) {
      if (!isPublic(type.getModifiers())) {
        return null;
      }
      check(type.getSimpleName().toString());
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      boolean member =
          isPublic(method.getModifiers())
              || getCurrentPath().getParentPath().getLeaf().getKind() == Tree.Kind.INTERFACE;
      boolean overrides =
          method.getModifiers().getAnnotations().stream()
              .anyMatch(a -> a.getAnnotationType().toString().equals("Override"));
      if (member && !overrides) {
        check(method.getName().toString());
      }
      return null;
    }

    private void check(String name) {
      TreePath path = getCurrentPath();
      if (docs.getDocComment(path) == null) {
        CompilationUnitTree unit = path.getCompilationUnit();
        long start = docs.getSourcePositions().getStartPosition(unit, path.getLeaf());
        found.add(
            Path.of(unit.getSourceFile().getName()).getFileName()
                + ":"
                + unit.getLineMap().getLineNumber(start)
                + " "
                + name);
      }
    }

    private static boolean isPublic(ModifiersTree modifiers) {
      return modifiers.getFlags().contains(Modifier.PUBLIC);
    }
  }

  private static List<String> longerThan(int limit, Predicate<Path> which) {
    return SOURCES.stream()
        .filter(which)
        .filter(file -> read(file).lines().count() > limit)
        .map(file -> name(file) + ": " + read(file).lines().count() + " lines, at most " + limit)
        .toList();
  }

  private static String name(Path file) {
    return file.getFileName().toString();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> sources() {
    List<Path> all = new ArrayList<>();
    for (String module : List.of("../workr-model", "../workr-maven-plugin")) {
      try (Stream<Path> files = Files.walk(Path.of(module, "src/main/java"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(all::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return List.copyOf(all);
  }
}
