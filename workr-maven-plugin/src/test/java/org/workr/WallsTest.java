package org.workr;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom, over both modules. */
class WallsTest {
  private static final JavaClasses WORKR =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.workr");

  @Test
  void onlyTheGoalsKnowMaven() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.workr.maven..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.maven..",
            "org.codehaus.plexus..",
            "org.eclipse.sisu..",
            "org.sonatype.plexus..",
            "javax.inject..")
        .check(WORKR);
  }

  @Test
  void onlySshKnowsTheSshLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.workr.ssh..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("net.schmizz..", "com.hierynomus..")
        .check(WORKR);
  }

  @Test
  void nobodyKnowsTheGoals() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.workr.maven..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.workr.maven..")
        .check(WORKR);
  }

  @Test
  void packagesAreAcyclic() {
    slices().matching("org.workr.(**)").should().beFreeOfCycles().check(WORKR);
  }
}
