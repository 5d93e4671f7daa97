package org.workr;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The model computes: the same input gives the same plan, whenever and wherever it is made. */
class PurityTest {
  private static final JavaClasses MODEL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.workr");

  /** Names of addresses, which open nothing. */
  private static final Set<String> HARMLESS_NET =
      Set.of("java.net.URI", "java.net.URISyntaxException");

  /** Names of files, which open nothing. */
  private static final Set<String> HARMLESS_FILES =
      Set.of("java.nio.file.Path", "java.nio.file.InvalidPathException");

  private static final Set<String> IMPURE_TYPES =
      Set.of(
          "java.io.Console",
          "java.io.File",
          "java.io.FileDescriptor",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.io.FileReader",
          "java.io.FileWriter",
          "java.io.RandomAccessFile",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.security.SecureRandom",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Calendar",
          "java.util.Date",
          "java.util.Random",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.concurrent.ThreadLocalRandom");

  private static final Set<String> IMPURE_MEMBERS =
      Set.of(
          "java.lang.Math.random",
          "java.lang.System.currentTimeMillis",
          "java.lang.System.err",
          "java.lang.System.getProperties",
          "java.lang.System.getProperty",
          "java.lang.System.getenv",
          "java.lang.System.in",
          "java.lang.System.lineSeparator",
          "java.lang.System.nanoTime",
          "java.lang.System.out",
          "java.nio.file.Path.toAbsolutePath",
          "java.nio.file.Path.toFile",
          "java.nio.file.Path.toRealPath",
          "java.time.ZoneId.systemDefault",
          "java.util.Locale.getDefault",
          "java.util.TimeZone.getDefault",
          "java.util.UUID.randomUUID");

  @Test
  void knowsNeitherMavenNorSsh() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.maven..",
            "org.codehaus.plexus..",
            "javax.inject..",
            "net.schmizz..",
            "com.hierynomus..",
            "org.bouncycastle..",
            "org.slf4j..")
        .check(MODEL);
  }

  @Test
  void opensNoFileSocketOrProcessAndReadsNoClock() {
    noClasses()
        .should()
        .dependOnClassesThat(describe("touch the world", PurityTest::impure))
        .check(MODEL);
  }

  @Test
  void asksTheMachineNothing() {
    noClasses()
        .should()
        .accessTargetWhere(impureMember())
        .because("a plan must not depend on who makes it, where or when")
        .check(MODEL);
  }

  @Test
  void packagesAreAcyclic() {
    slices().matching("org.workr.(**)").should().beFreeOfCycles().check(MODEL);
  }

  @Test
  void bindingKnowsOnlyValuesAndDiagnostics() {
    noClasses()
        .that()
        .resideInAPackage("org.workr.binding..")
        .should()
        .dependOnClassesThat(
            describe(
                "are other parts of workr",
                type ->
                    type.getPackageName().startsWith("org.workr.")
                        && !Set.of("org.workr.binding", "org.workr.diagnostic", "org.workr.value")
                            .contains(type.getPackageName())))
        .check(MODEL);
  }

  private static boolean impure(JavaClass type) {
    String name = type.getName();
    String outer = name.indexOf('$') < 0 ? name : name.substring(0, name.indexOf('$'));
    return IMPURE_TYPES.contains(outer)
        || (in(type, "java.net") && !HARMLESS_NET.contains(name))
        || (in(type, "java.nio.file") && !HARMLESS_FILES.contains(name))
        || in(type, "java.nio.channels")
        || in(type, "java.util.random")
        || in(type, "javax.net");
  }

  private static boolean in(JavaClass type, String tree) {
    return type.getPackageName().equals(tree) || type.getPackageName().startsWith(tree + ".");
  }

  private static DescribedPredicate<JavaAccess<?>> impureMember() {
    return describe(
        "asks for time, chance, environment or a standard stream",
        access -> {
          AccessTarget target = access.getTarget();
          String owner = target.getOwner().getName();
          return IMPURE_MEMBERS.contains(owner + "." + target.getName())
              || (owner.startsWith("java.time.") && target.getName().equals("now"));
        });
  }
}
